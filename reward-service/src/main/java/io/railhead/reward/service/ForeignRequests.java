package io.railhead.reward.service;

import io.railhead.actors.security.Refusals;
import java.time.Clock;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/// Answers bytes that are no HTTP request, and says once that they came. Pekko tells it no address.
public final class ForeignRequests extends ParsingErrorHandler {
    private static final Refusals REFUSALS = new Refusals(Clock.systemUTC());

    /// Called by Pekko.
    public ForeignRequests() {}

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo info, LoggingAdapter log, ServerSettings settings) {
        REFUSALS.refused("a client of the reward service", "not an HTTP request: " + info.summary());
        return HttpResponse.create().withStatus(status).withEntity("not an HTTP request\n");
    }
}
