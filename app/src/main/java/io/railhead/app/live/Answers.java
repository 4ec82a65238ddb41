package io.railhead.app.live;

import io.railhead.app.live.PageFiles.PageFile;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// Responses with the headers that keep a browser from running or loading what is not the page's own.
final class Answers {
    static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final ContentType EVENTS = ContentTypes.parse("text/event-stream; charset=UTF-8");
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin");

    private Answers() {}

    /// With a tag, by which a browser asks whether what it has is still right: it does so each time.
    static HttpResponse file(HttpRequest request, PageFile file) {
        boolean known = request.getHeader("If-None-Match")
                .map(HttpHeader::value)
                .filter(tags -> tags.contains(file.tag()) || tags.equals("*"))
                .isPresent();
        HttpResponse response = known
                ? HttpResponse.create().withStatus(304)
                : HttpResponse.create().withStatus(200).withEntity(file.type(), file.bytes());
        return guarded(response, "no-cache").addHeader(RawHeader.create("ETag", file.tag()));
    }

    static HttpResponse json(int status, String body) {
        return bytes(status, ContentTypes.APPLICATION_JSON, (body + "\n").getBytes(StandardCharsets.UTF_8));
    }

    static HttpResponse bytes(int status, ContentType type, byte[] body) {
        return guarded(HttpResponse.create().withStatus(status).withEntity(type, body), "no-store");
    }

    /// What went wrong, for people, as JSON.
    static HttpResponse error(int status, String message) {
        return json(status, LiveJson.of(Map.of("error", message)));
    }

    static HttpResponse notAllowed(String allowed) {
        return error(405, "only " + allowed + " is taken").addHeader(RawHeader.create("Allow", allowed));
    }

    static HttpResponse events(Source<ByteString, NotUsed> events) {
        return guarded(
                HttpResponse.create().withStatus(200).withEntity(HttpEntities.createChunked(EVENTS, events)),
                "no-store");
    }

    private static HttpResponse guarded(HttpResponse response, String caching) {
        HttpResponse guarded = response.addHeader(RawHeader.create("Cache-Control", caching));
        for (Map.Entry<String, String> header : ALWAYS.entrySet()) {
            guarded = guarded.addHeader(RawHeader.create(header.getKey(), header.getValue()));
        }
        return guarded;
    }
}
