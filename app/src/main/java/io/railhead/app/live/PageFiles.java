package io.railhead.app.live;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.util.ByteString;

/// The files that the page consists of, from the class path, in memory.
final class PageFiles {
    private static final ContentType CSS = ContentTypes.parse("text/css; charset=UTF-8");
    private static final ContentType JAVASCRIPT = ContentTypes.parse("text/javascript; charset=UTF-8");
    private static final Map<String, ContentType> NAMES = Map.of(
            "index.html", ContentTypes.TEXT_HTML_UTF8,
            "icon.svg", ContentTypes.parse("image/svg+xml"),
            "live.css", CSS,
            "live.js", JAVASCRIPT,
            "dom.js", JAVASCRIPT,
            "plot.js", JAVASCRIPT,
            "samples.js", JAVASCRIPT,
            "status.js", JAVASCRIPT,
            "steps.js", JAVASCRIPT);

    /// @param tag names the contents, in quotes as HTTP wants it
    record PageFile(ContentType type, ByteString bytes, String tag) {}

    private final Map<String, PageFile> byPath;

    PageFiles() {
        byPath = NAMES.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        entry -> entry.getKey().equals("index.html") ? "/" : "/live/" + entry.getKey(),
                        entry -> read(entry.getKey(), entry.getValue())));
    }

    Optional<PageFile> at(String path) {
        return Optional.ofNullable(byPath.get(path));
    }

    private static PageFile read(String name, ContentType type) {
        try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the class path lacks " + name + " of the live page");
            }
            byte[] bytes = in.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new PageFile(
                    type,
                    ByteString.fromArray(bytes),
                    '"' + HexFormat.of().formatHex(digest).substring(0, 24) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
