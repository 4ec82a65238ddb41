package io.railhead.app.questions;

import io.railhead.transit.InvalidDataException;
import io.railhead.transit.data.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The questions of one split of a `.jsonl` file, or of a folder of such files.
///
/// Where the files of a folder are called `train...` and `test...`, their names decide, and each has to be one of
/// them. Otherwise a question is held out if the SHA-256 of its id begins with a byte below 51, a fifth of all,
/// whatever else there is and in whatever order.
public final class QuestionFiles {
    private static final String ENDING = ".jsonl";
    private static final int HELD_OUT_BELOW = 51; // of 256
    private static final int MOST_COMPLAINTS = 10;

    private final Path root;
    private final List<String> complaints = new ArrayList<>();
    private final Map<String, String> placeOfId = new HashMap<>();
    private int bad;

    private QuestionFiles(Path root) {
        this.root = root;
    }

    /// @throws InvalidDataException if there is no such file, or lines of it are no questions; the message names the
    ///     file, the line and the field of the first ten
    public static List<OwnItem> read(Path root, Split wanted) {
        return new QuestionFiles(root).read(wanted);
    }

    private List<OwnItem> read(Split wanted) {
        List<OwnItem> items = new ArrayList<>();
        Map<Path, Optional<Split>> files = files();
        files.forEach((file, named) -> {
            for (OwnItem item : lines(file)) {
                if (named.orElseGet(() -> splitOf(item.question().id())) == wanted) {
                    items.add(item);
                }
            }
        });
        if (!complaints.isEmpty()) {
            String more = bad > complaints.size() ? "; and %d more".formatted(bad - complaints.size()) : "";
            throw new InvalidDataException(String.join("; ", complaints) + more);
        }
        return items;
    }

    /// The split that a question is in whose file does not say.
    static Split splitOf(String id) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return (sha[0] & 0xFF) < HELD_OUT_BELOW ? Split.TEST : Split.TRAIN;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Map<Path, Optional<Split>> files() {
        if (Files.isRegularFile(root)) {
            return Map.of(root, Optional.empty());
        }
        if (!Files.isDirectory(root)) {
            throw new InvalidDataException("there is no file or folder of questions " + root);
        }
        List<Path> files = filesOfFolder();
        if (files.isEmpty()) {
            throw new InvalidDataException("the folder " + root + " has no file *" + ENDING);
        }
        boolean named = files.stream().anyMatch(file -> splitOf(file).isPresent());
        Map<Path, Optional<Split>> splits = new LinkedHashMap<>();
        for (Path file : files) {
            Optional<Split> split = splitOf(file);
            if (named && split.isEmpty()) {
                throw new InvalidDataException(
                        "%s is called neither train... nor test..., but other files beside it are".formatted(file));
            }
            splits.put(file, split);
        }
        return splits;
    }

    private List<Path> filesOfFolder() {
        try (Stream<Path> children = Files.list(root)) {
            return children.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InvalidDataException("the folder " + root + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<Split> splitOf(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.startsWith(Split.TRAIN.wireName())
                ? Optional.of(Split.TRAIN)
                : name.startsWith(Split.TEST.wireName()) ? Optional.of(Split.TEST) : Optional.empty();
    }

    private List<OwnItem> lines(Path file) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
        byte[] bytes = bytes(file);
        List<OwnItem> items = new ArrayList<>();
        int number = 0;
        for (int from = 0; from < bytes.length; ) {
            int to = from;
            while (to < bytes.length && bytes[to] != '\n') {
                to++;
            }
            String place = file + ", line " + ++number;
            try {
                String line = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, from, to - from))
                        .toString();
                if (!line.isBlank()) {
                    items.add(unique(QuestionLine.read(line, folder), place));
                }
            } catch (CharacterCodingException e) {
                complain(place, "it is not UTF-8");
            } catch (InvalidDataException e) {
                complain(place, String.valueOf(e.getMessage()));
            }
            from = to + 1;
        }
        return items;
    }

    private OwnItem unique(OwnItem item, String place) {
        String earlier = placeOfId.putIfAbsent(item.question().id(), place);
        if (earlier != null) {
            throw new InvalidDataException("id " + item.question().id() + " is that of " + earlier + " too");
        }
        return item;
    }

    private void complain(String place, String what) {
        bad++;
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.add(place + ": " + what);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InvalidDataException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
