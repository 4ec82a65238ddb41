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

/// Results of experiments, a line each, on the disk before the next one is appended. One process at a time has it open,
/// and one thread at a time uses it.
///
/// @param <R> a result; a record
public final class ResultLines<R> implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final FileChannel channel;
    private final List<R> results;

    private ResultLines(FileChannel channel, List<R> results) {
        this.channel = channel;
        this.results = results;
    }

    /// Opens the file, made if it is not there. A last line that was torn off by a crash is cut away.
    ///
    /// @throws UsageException if a whole line is not a result, or another process has the file
    public static <R> ResultLines<R> open(Path file, Class<R> type) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock(channel, file);
            byte[] bytes = Files.readAllBytes(file);
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            List<R> results = parsed(new String(bytes, 0, end, StandardCharsets.UTF_8), file, type);
            channel.truncate(end).position(end);
            return new ResultLines<>(channel, results);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public List<R> results() {
        return List.copyOf(results);
    }

    public void append(R result) throws IOException {
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

    private static void lock(FileChannel channel, Path file) throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            throw new UsageException("this process already works on " + file, e);
        }
        throw new UsageException("another process works on " + file);
    }

    private static <R> List<R> parsed(String text, Path file, Class<R> type) {
        List<R> results = new ArrayList<>();
        for (String line : text.lines().toList()) {
            try {
                results.add(JSON.readValue(line, type));
            } catch (JsonProcessingException e) {
                throw new UsageException(
                        "%s line %d is no result: %s".formatted(file, results.size() + 1, e.getOriginalMessage()), e);
            }
        }
        return results;
    }
}
