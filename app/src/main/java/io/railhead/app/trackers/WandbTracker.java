package io.railhead.app.trackers;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Timestamp;
import io.railhead.protos.trackers.wandb.ConfigRecord;
import io.railhead.protos.trackers.wandb.HeaderRecord;
import io.railhead.protos.trackers.wandb.HistoryRecord;
import io.railhead.protos.trackers.wandb.HistoryStep;
import io.railhead.protos.trackers.wandb.Item;
import io.railhead.protos.trackers.wandb.Record;
import io.railhead.protos.trackers.wandb.RunExitRecord;
import io.railhead.protos.trackers.wandb.RunRecord;
import io.railhead.protos.trackers.wandb.SummaryRecord;
import io.railhead.protos.trackers.wandb.VersionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An offline run of Weights & Biases: what `wandb sync` sends later on, from a machine that has an account.
///
/// The file is made anew from the first step on at each opening and when the run goes back, since a history cannot be
/// taken back.
final class WandbTracker implements Tracker {
    private static final String PRODUCER = "0.18.0"; // whose records these are
    private static final String MIN_CONSUMER = "0.10.0";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

    private final Path file;
    private final RunRecord run;
    private final Instant start;
    private @Nullable BlockLog log;
    private long records;

    /// @param runs the directory that `wandb` calls by its own name
    WandbTracker(Path runs, String project, TrackedRun tracked, JsonNode configuration) {
        this.start = tracked.start();
        this.file = runs.resolve("offline-run-" + TIME.format(start) + "-" + tracked.id())
                .resolve("run-" + tracked.id() + ".wandb");
        ConfigRecord.Builder config = ConfigRecord.newBuilder();
        configuration.properties().forEach(field -> config.addUpdate(item(field.getKey(), field.getValue())));
        this.run = RunRecord.newBuilder()
                .setRunId(tracked.id())
                .setProject(project)
                .setDisplayName(tracked.name())
                .setConfig(config)
                .setStartTime(Timestamp.newBuilder()
                        .setSeconds(start.getEpochSecond())
                        .setNanos(start.getNano()))
                .build();
    }

    @Override
    public String name() {
        return "Weights & Biases (offline)";
    }

    @Override
    public long open() throws IOException {
        Files.createDirectories(file.getParent());
        log = BlockLog.create(file);
        records = 0;
        write(Record.newBuilder()
                .setHeader(HeaderRecord.newBuilder()
                        .setVersionInfo(
                                VersionInfo.newBuilder().setProducer(PRODUCER).setMinConsumer(MIN_CONSUMER))));
        write(Record.newBuilder().setRun(run));
        return 0;
    }

    @Override
    public void add(List<TrackedStep> steps) throws IOException {
        for (TrackedStep step : steps) {
            HistoryRecord.Builder history =
                    HistoryRecord.newBuilder().setStep(HistoryStep.newBuilder().setNum(step.version()));
            step.values().forEach((name, value) -> history.addItem(item(name, value)));
            history.addItem(item("stage", '"' + step.stage() + '"'));
            seconds(step).forEach((name, value) -> history.addItem(item(name, value)));
            write(Record.newBuilder().setHistory(history));
        }
        SummaryRecord.Builder summary = SummaryRecord.newBuilder();
        steps.getLast().values().forEach((name, value) -> summary.addUpdate(item(name, value)));
        seconds(steps.getLast()).forEach((name, value) -> summary.addUpdate(item(name, value)));
        write(Record.newBuilder().setSummary(summary));
    }

    private Map<String, Object> seconds(TrackedStep step) {
        return Map.of(
                "_step", step.version(),
                "_timestamp", step.time().toEpochMilli() / 1e3,
                "_runtime", Duration.between(start, step.time()).toMillis() / 1e3);
    }

    @Override
    public long rewind(long version) throws IOException {
        close();
        return open();
    }

    @Override
    public void end(Ending ending) throws IOException {
        if (ending != Ending.STOPPED) {
            write(Record.newBuilder()
                    .setExit(RunExitRecord.newBuilder().setExitCode(ending == Ending.FINISHED ? 0 : 1)));
        }
    }

    @Override
    public void close() throws IOException {
        BlockLog closing = log;
        log = null;
        if (closing != null) {
            closing.close();
        }
    }

    private void write(Record.Builder record) throws IOException {
        BlockLog open = log;
        if (open == null) {
            throw new IOException("not open");
        }
        open.write(record.setNum(++records).build().toByteArray());
    }

    private static Item item(String key, Object json) {
        return Item.newBuilder().setKey(key).setValueJson(json.toString()).build();
    }
}
