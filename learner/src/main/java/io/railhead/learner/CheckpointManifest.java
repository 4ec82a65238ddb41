package io.railhead.learner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a checkpoint consists of: name, size and SHA-256 of every file, as `manifest.json` beside them. It is
/// written last, so a directory without one was never finished.
record CheckpointManifest(List<Entry> files) {
    static final String NAME = "manifest.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /// One file; `name` is relative to the checkpoint, with `/` between parts.
    record Entry(String name, long bytes, String sha256) {}

    CheckpointManifest {
        files = List.copyOf(files);
    }

    static CheckpointManifest ofFilesIn(Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : filesIn(directory)) {
            String name = directory.relativize(file).toString().replace('\\', '/');
            entries.add(new Entry(name, Files.size(file), sha256(file)));
        }
        return new CheckpointManifest(entries);
    }

    static CheckpointManifest read(Path directory) throws CheckpointException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            throw new CheckpointException(directory, NAME + " is missing");
        }
        try {
            JsonNode root = JSON.readTree(Files.readString(file));
            List<Entry> entries = new ArrayList<>();
            for (JsonNode node : root.path("files")) {
                entries.add(new Entry(
                        node.path("name").asText(),
                        node.path("bytes").asLong(-1),
                        node.path("sha256").asText()));
            }
            return new CheckpointManifest(entries);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(directory, NAME + " is damaged: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new CheckpointException(directory, e);
        }
    }

    void write(Path directory) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode list = root.putArray("files");
        for (Entry entry : files) {
            list.addObject()
                    .put("name", entry.name())
                    .put("bytes", entry.bytes())
                    .put("sha256", entry.sha256());
        }
        Files.write(
                directory.resolve(NAME), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
    }

    /// Compares size and hash of every file.
    ///
    /// @param required files that a checkpoint cannot do without
    /// @throws CheckpointException naming the first fault
    void verify(Path directory, List<String> required) throws CheckpointException {
        List<String> faults = faults(directory, required, true);
        if (!faults.isEmpty()) {
            throw new CheckpointException(directory, faults.getFirst());
        }
    }

    /// All that is wrong, one sentence a file.
    ///
    /// @param contents whether to compare hashes, and not sizes alone
    List<String> faults(Path directory, List<String> required, boolean contents) throws CheckpointException {
        List<String> faults = new ArrayList<>();
        required.stream()
                .filter(name -> files.stream().noneMatch(entry -> entry.name().equals(name)))
                .forEach(name -> faults.add(NAME + " does not list " + name));
        for (Entry entry : files) {
            fault(directory, entry, contents).ifPresent(faults::add);
        }
        return faults;
    }

    private static Optional<String> fault(Path directory, Entry entry, boolean contents) throws CheckpointException {
        Path file = directory.resolve(entry.name()).normalize();
        try {
            if (!file.startsWith(directory.normalize())) {
                return Optional.of("%s lists %s, which is elsewhere".formatted(NAME, entry.name()));
            }
            if (!Files.isRegularFile(file)) {
                return Optional.of(entry.name() + " is missing");
            }
            if (Files.size(file) != entry.bytes()) {
                return Optional.of(
                        "%s has %d bytes instead of %d".formatted(entry.name(), Files.size(file), entry.bytes()));
            }
            String actual = contents ? sha256(file) : entry.sha256();
            return actual.equals(entry.sha256())
                    ? Optional.empty()
                    : Optional.of("%s has SHA-256 %s instead of %s".formatted(entry.name(), actual, entry.sha256()));
        } catch (IOException e) {
            throw new CheckpointException(file, e);
        }
    }

    long bytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    /// Regular files below the directory, in the order of their names.
    static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestOutputStream out =
                        new DigestOutputStream(OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(out);
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
