package io.railhead.app.ablation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// `results.jsonl`: a line a result, on the disk before the next arm begins. One process at a time has it open.
public final class ResultsFile implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final FileChannel channel;
    private final List<ArmResult> results;

    private ResultsFile(FileChannel channel, List<ArmResult> results) {
        this.channel = channel;
        this.results = results;
    }

    /// Opens the file, made if it is not there. A last line that was torn off by a crash is cut away.
    ///
    /// @throws UsageException if a whole line is not a result, or another process has the file
    public static ResultsFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock(channel, file);
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            List<ArmResult> results = parsed(new String(bytes, 0, end, StandardCharsets.UTF_8), file);
            channel.truncate(end).position(end);
            return new ResultsFile(channel, results);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public List<ArmResult> results() {
        return List.copyOf(results);
    }

    public boolean has(String arm, long seed) {
        return results.stream().anyMatch(result -> result.arm().equals(arm) && result.seed() == seed);
    }

    /// @throws UsageException if it answers other questions than the results before
    public void append(ArmResult result) throws IOException {
        List<String> ids = ids(result);
        if (!results.isEmpty() && !ids(results.getFirst()).equals(ids)) {
            throw new UsageException("%s with seed %d was asked other questions than %s"
                    .formatted(result.arm(), result.seed(), results.getFirst().arm()));
        }
        ByteBuffer line = ByteBuffer.wrap((JSON.writeValueAsString(result) + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            channel.write(line);
        }
        channel.force(true);
        results.add(result);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static List<String> ids(ArmResult result) {
        return result.answers().stream().map(ArmAnswer::id).toList();
    }

    private static void lock(FileChannel channel, Path file) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            throw new UsageException("another ablation of this process works on " + file, e);
        }
        throw new UsageException("another process works on " + file);
    }

    private static List<ArmResult> parsed(String text, Path file) {
        List<ArmResult> results = new ArrayList<>();
        for (String line : text.lines().toList()) {
            try {
                results.add(JSON.readValue(line, ArmResult.class));
            } catch (JsonProcessingException e) {
                throw new UsageException(
                        "%s line %d is no result: %s".formatted(file, results.size() + 1, e.getOriginalMessage()), e);
            }
        }
        return results;
    }
}
