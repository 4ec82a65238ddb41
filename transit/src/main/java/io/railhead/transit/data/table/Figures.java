package io.railhead.transit.data.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.data.FileImage;
import io.railhead.transit.data.ImageSource;
import io.railhead.transit.data.PictureHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The pictures that rows name or hold: a path, base64 (perhaps a data URL), bytes, or a structure of bytes and
/// path.
///
/// A picture that a row holds is written to a file of this process once, however many rows hold it, so that a data
/// set of gigabytes needs the memory of one row. The files go when the process ends.
public final class Figures {
    private static final int LONGEST_PATH = 4096;
    private static final int NAME_LENGTH = 12; // hexadecimal digits of the picture's checksum

    private final Function<String, Optional<Path>> paths;
    private final Map<String, ImageSource> known = new HashMap<>();
    private Optional<Path> store = Optional.empty();

    Figures(TableFolder folder) {
        this(folder::resolve);
    }

    private Figures(Function<String, Optional<Path>> paths) {
        this.paths = paths;
    }

    /// For rows that hold their pictures and name none.
    public static Figures held() {
        return new Figures(_ -> Optional.empty());
    }

    /// For rows that name their pictures, found by this.
    public static Figures found(Function<String, Optional<Path>> paths) {
        return new Figures(paths);
    }

    /// @throws InvalidDataException if this is no picture; the message says what is wrong
    public ImageSource of(JsonNode figure) {
        if (figure.isBinary()) {
            return held(bytes(figure));
        }
        if (figure.isObject()) {
            return figure.hasNonNull("bytes") ? held(bytes(figure.get("bytes"))) : of(figure.path("path"));
        }
        if (!figure.isTextual()) {
            throw new InvalidDataException(
                    "figure is %s, not a picture".formatted(figure.isMissingNode() ? "missing" : figure));
        }
        String text = figure.textValue();
        Optional<Path> file = text.length() > LONGEST_PATH ? Optional.empty() : paths.apply(text);
        return file.isPresent() ? inFile(file.get()) : held(decoded(text));
    }

    private ImageSource inFile(Path file) {
        return known.computeIfAbsent(file.toString(), _ -> {
            PictureHeader.read(file);
            PictureHeader.requireWhole(file);
            Path parent = file.getParent();
            String above = parent == null ? "" : parent.getFileName() + "/";
            return new FileImage(above + file.getFileName(), file);
        });
    }

    private ImageSource held(byte[] picture) {
        String name = checksum(picture).substring(0, NAME_LENGTH);
        ImageSource seen = known.get(name);
        if (seen != null) {
            return seen;
        }
        try {
            if (store.isEmpty()) {
                Path created = Files.createTempDirectory("railhead-pictures-");
                created.toFile().deleteOnExit();
                store = Optional.of(created);
            }
            Path file = store.get().resolve(name + ".png");
            file.toFile().deleteOnExit();
            Files.write(file, picture);
            PictureHeader.read(file);
            PictureHeader.requireWhole(file);
            var image = new FileImage(name + ".png", file);
            known.put(name, image);
            return image;
        } catch (IOException e) {
            throw new InvalidDataException("a picture cannot be put aside: " + e.getMessage(), e);
        }
    }

    private static byte[] decoded(String text) {
        int comma = text.startsWith("data:") ? text.indexOf(',') : -1;
        try {
            String encoded = text.substring(comma + 1);
            return Base64.getDecoder().decode(encoded.indexOf('\n') < 0 ? encoded : encoded.replace("\n", ""));
        } catch (IllegalArgumentException e) {
            String start = text.substring(0, Math.min(60, text.length()));
            throw new InvalidDataException("figure '" + start + "' is neither a file nor base64", e);
        }
    }

    private static byte[] bytes(JsonNode node) {
        try {
            return node.isTextual() ? decoded(node.textValue()) : node.binaryValue();
        } catch (IOException e) {
            throw new InvalidDataException("figure has no bytes: " + e.getMessage(), e);
        }
    }

    private static String checksum(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
