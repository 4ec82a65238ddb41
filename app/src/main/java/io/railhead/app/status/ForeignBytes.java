package io.railhead.app.status;

import io.railhead.actors.security.Refusals;
import java.time.Clock;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/// Answers bytes that are no HTTP request, or one beyond the limits, and says once that they came. Pekko tells it no
/// address.
public final class ForeignBytes extends ParsingErrorHandler {
    private static final Refusals REFUSALS = new Refusals(Clock.systemUTC());

    /// Called by Pekko.
    public ForeignBytes() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        REFUSALS.refused("a client of the status port", "no HTTP request that is taken: " + info.summary());
        return HttpResponse.create().withStatus(status).withEntity("no HTTP request that is taken\n");
    }
}
