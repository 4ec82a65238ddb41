package io.railhead.app.trackers;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.railhead.protos.trackers.tensorboard.Event;
import io.railhead.protos.trackers.tensorboard.SessionLog;
import io.railhead.protos.trackers.tensorboard.Summary;
import io.railhead.protos.trackers.tensorboard.SummaryMetadata;
import io.railhead.protos.trackers.tensorboard.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Event files for TensorBoard: each metric a scalar under its own name, by version. Each opening begins a file of its
/// own, which says from which step on it holds: readers then forget what older files have from there on.
final class TensorBoardTracker implements Tracker {
    private static final String VERSION = "brain.Event:2";
    private static final String PREFIX = "events.out.tfevents.";
    private static final int STRING = 7; // DT_STRING

    private final Path directory;
    private final String configuration;
    private final InstantSource clock;
    private @Nullable RecordFile file;
    private long last;

    /// @param configuration shown as a text, in Markdown as all texts of TensorBoard
    TensorBoardTracker(Path directory, String configuration, InstantSource clock) {
        this.directory = directory;
        this.configuration = configuration;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "TensorBoard";
    }

    @Override
    public long open() throws IOException {
        Files.createDirectories(directory);
        last = lastIn(directory);
        int number = files(directory).size();
        // Readers take files in the order of their names.
        RecordFile opened = RecordFile.create(directory.resolve(
                "%s%010d.%05d.railhead".formatted(PREFIX, clock.instant().getEpochSecond(), number)));
        file = opened;
        write(event(clock.instant(), 0).setFileVersion(VERSION));
        holdsFrom(last + 1);
        write(event(clock.instant(), last).setSummary(text("configuration", "```\n" + configuration + "```\n")));
        return last;
    }

    @Override
    public void add(List<TrackedStep> steps) throws IOException {
        for (TrackedStep step : steps) {
            Summary.Builder summary = Summary.newBuilder();
            step.values()
                    .forEach((name, value) -> summary.addValue(
                            Summary.Value.newBuilder().setTag(name).setSimpleValue(value.floatValue())));
            write(event(step.time(), step.version()).setSummary(summary));
            last = step.version();
        }
    }

    @Override
    public long rewind(long version) throws IOException {
        if (version < last) {
            holdsFrom(version + 1);
            last = version;
        }
        return last;
    }

    @Override
    public void end(Ending ending) {
        // nothing in the format says so
    }

    @Override
    public void close() throws IOException {
        RecordFile closing = file;
        file = null;
        if (closing != null) {
            closing.close();
        }
    }

    private void holdsFrom(long step) throws IOException {
        write(event(clock.instant(), step)
                .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
    }

    private void write(Event.Builder event) throws IOException {
        RecordFile open = file;
        if (open == null) {
            throw new IOException("not open");
        }
        open.write(event.build().toByteArray());
    }

    /// The newest step that a reader of the directory would show.
    static long lastIn(Path directory) throws IOException {
        long last = 0;
        for (Path file : files(directory)) {
            try (RecordFile records = RecordFile.read(file)) {
                for (Optional<byte[]> data = records.next(); data.isPresent(); data = records.next()) {
                    last = after(last, Event.parseFrom(data.get()));
                }
            } catch (InvalidProtocolBufferException e) {
                throw new IOException(file + " is no event file", e);
            }
        }
        return last;
    }

    private static long after(long last, Event event) {
        if (event.hasSessionLog()) {
            return Math.min(last, event.getStep() - 1);
        }
        boolean scalars = event.hasSummary()
                && event.getSummary().getValueList().stream().anyMatch(Summary.Value::hasSimpleValue);
        return scalars ? event.getStep() : last;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(file -> file.getFileName().toString().startsWith(PREFIX))
                    .sorted()
                    .toList();
        }
    }

    private static Event.Builder event(Instant at, long step) {
        return Event.newBuilder().setWallTime(at.toEpochMilli() / 1e3).setStep(step);
    }

    private static Summary text(String tag, String markdown) {
        return Summary.newBuilder()
                .addValue(Summary.Value.newBuilder()
                        .setTag(tag)
                        .setMetadata(SummaryMetadata.newBuilder()
                                .setPluginData(
                                        SummaryMetadata.PluginData.newBuilder().setPluginName("text")))
                        .setTensor(Tensor.newBuilder()
                                .setDtype(STRING)
                                .setTensorShape(Tensor.Shape.newBuilder()
                                        .addDim(Tensor.Shape.Dim.newBuilder().setSize(1)))
                                .addStringVal(ByteString.copyFromUtf8(markdown))))
                .build();
    }
}
