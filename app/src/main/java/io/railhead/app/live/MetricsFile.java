package io.railhead.app.live;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A run's `metrics.jsonl` by lines, while it grows. Thread-safe.
///
/// A resume may cut lines off and write others in their place. Then the last line that was seen is not where it was:
/// that begins a new generation, of which nothing of the old one holds. Generations are named by the clock, so
/// that those of another process are not taken for ours.
public final class MetricsFile {
    /// Lines of one answer.
    static final int MOST_LINES = 500;

    /// Bytes of one answer, except that one line always goes.
    static final int MOST_BYTES = 1 << 20;

    private static final int CHUNK = 1 << 16;

    private final Path file;
    private final InstantSource clock;
    private long generation;
    private long[] ends = new long[64]; // of line i, the byte after its newline
    private int count;
    private byte[] last = new byte[0]; // the last line that was seen

    /// Some lines.
    ///
    /// @param from number of the first one, from 0
    /// @param next number of the line after them
    /// @param lines all that there are
    /// @param reset whether what the asker has is of a generation that is over; then they are from 0 on
    public record Page(long generation, int from, int next, int lines, boolean reset, List<String> steps) {
        public Page {
            steps = List.copyOf(steps);
        }

        /// One line of JSON. The lines are JSON already.
        String json() {
            return "{\"generation\":%d,\"from\":%d,\"next\":%d,\"lines\":%d,\"reset\":%b,\"more\":%b,\"steps\":[%s]}"
                    .formatted(generation, from, next, lines, reset, next < lines, String.join(",", steps));
        }
    }

    /// @param clock names generations
    public MetricsFile(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        this.generation = clock.millis();
    }

    /// Lines from one on; none of a file that is not there yet.
    ///
    /// @param known the generation that the asker has lines of, if any
    public synchronized Page page(long from, Optional<Long> known) throws IOException {
        if (!Files.exists(file)) {
            forget();
            return page(null, 0, known.isPresent() && known.get() != generation);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            index(channel);
            boolean reset = known.isPresent() && known.get() != generation;
            return page(channel, reset ? 0 : (int) Math.min(from, count), reset);
        }
    }

    private Page page(@Nullable FileChannel channel, int from, boolean reset) throws IOException {
        List<String> steps = new ArrayList<>();
        long bytes = 0;
        int next = from;
        while (channel != null && next < count && steps.size() < MOST_LINES) {
            long length = ends[next] - start(next);
            if (!steps.isEmpty() && bytes + length > MOST_BYTES) {
                break;
            }
            bytes += length;
            steps.add(json(read(channel, next)));
            next++;
        }
        return new Page(generation, from, next, count, reset, steps);
    }

    /// Looks at what was written since the last time.
    private void index(FileChannel channel) throws IOException {
        long size = channel.size();
        if (count > 0 && (size < ends[count - 1] || !Arrays.equals(last, read(channel, count - 1)))) {
            forget();
        }
        long at = count == 0 ? 0 : ends[count - 1];
        int before = count;
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        while (at < size) {
            chunk.clear();
            int read = channel.read(chunk, at);
            if (read <= 0) {
                break;
            }
            for (int i = 0; i < read; i++) {
                if (chunk.get(i) == '\n') {
                    add(at + i + 1);
                }
            }
            at += read;
        }
        if (count > before) {
            last = read(channel, count - 1);
        }
    }

    private void add(long end) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
        }
        ends[count++] = end;
    }

    private void forget() {
        if (count > 0) {
            generation = Math.max(generation + 1, clock.millis());
            count = 0;
            last = new byte[0];
        }
    }

    private long start(int line) {
        return line == 0 ? 0 : ends[line - 1];
    }

    /// A line with its newline, as far as it is there.
    private byte[] read(FileChannel channel, int line) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(ends[line] - start(line)));
        long at = start(line);
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, at);
            if (read < 0) {
                break;
            }
            at += read;
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    /// What is no object keeps its number and says nothing.
    private static String json(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8).strip();
        return text.startsWith("{") && text.endsWith("}") ? text : "null";
    }
}
