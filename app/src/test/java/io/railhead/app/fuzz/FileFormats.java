package io.railhead.app.fuzz;

import com.typesafe.config.ConfigException;
import io.railhead.actors.incarnation.FencedException;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.security.Pem;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.stage.StageSettings;
import io.railhead.actors.telemetry.EventLog;
import io.railhead.actors.telemetry.EventLogReader;
import io.railhead.actors.telemetry.MetricsLog;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import io.railhead.learner.Checkpoints;
import io.railhead.learner.Retention;
import io.railhead.policy.ChatTemplate;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.ImageProcessor;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.djl.DjlTokenizer;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.StationFile;
import io.railhead.transit.data.HeaderReading;
import io.railhead.transit.data.table.TableFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What is read from files: of a run, of a model, of a data set, of settings.
final class FileFormats {
    private static final PolicyVersion V1 = new PolicyVersion(1);

    private final Path folder;

    /// @param folder for the damaged files
    FileFormats(Path folder) {
        this.folder = folder;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// A reader of a file of this name, alone in a folder of its own.
    private Format.Reader file(String name, FileReader reader) throws IOException {
        Path file = Files.createDirectories(folder.resolve(name + ".d")).resolve(name);
        return input -> {
            Files.write(file, input);
            reader.read(file);
        };
    }

    private interface FileReader {
        void read(Path file) throws Exception;
    }

    List<Format> ofRuns() throws IOException {
        Path log = folder.resolve("log");
        RunFact.StepFinished step = new RunFact.StepFinished(
                V1, "flat", List.of(new LeaseId(3)), new LedgerCounts(4, 1, 0, 0, 0, 3), Map.of("loss/total", 0.5));
        try (EventLog events = EventLog.open(log, new TelemetrySettings(1 << 20, false, 0))) {
            for (RunFact fact : List.of(
                    new RunFact.LeaseIssued(new LeaseId(3), 1, "flat", "p", V1, "w"),
                    step,
                    new RunFact.WeightsMade(V1, "00"),
                    new RunFact.LeaseEnded(new LeaseId(3), RunFact.LeaseEnded.Outcome.TRAINED, V1, ""))) {
                events.append(new RecordedFact(Instant.ofEpochMilli(5), fact));
            }
        }
        Path compressed = folder.resolve("compressed");
        try (EventLog events = EventLog.open(compressed, new TelemetrySettings(100, true, 0))) {
            events.append(new RecordedFact(Instant.ofEpochMilli(5), step));
            events.append(new RecordedFact(Instant.ofEpochMilli(6), step));
        }
        Path metrics = folder.resolve("metrics.jsonl");
        try (MetricsLog lines = MetricsLog.open(metrics, V1)) {
            lines.append(Instant.EPOCH, step);
            lines.append(Instant.EPOCH, step);
        }
        return List.of(
                Format.of(
                        "event log",
                        1_500,
                        List.of(Files.readAllBytes(log.resolve("000001.log"))),
                        file("000001.log", FileFormats::readLog),
                        List.of(IOException.class)),
                Format.of(
                        "compressed event log",
                        1_500,
                        List.of(Files.readAllBytes(compressed.resolve("000001.log.zst"))),
                        file("000001.log.zst", FileFormats::readLog),
                        List.of(IOException.class)),
                Format.of(
                        "metrics.jsonl",
                        200,
                        List.of(Files.readAllBytes(metrics)),
                        file("metrics.jsonl", file -> MetricsLog.open(file, V1).close()),
                        List.of(IOException.class)));
    }

    /// The manifest of a commit; its hashes protect the other files, which are read after it.
    Format ofCommits(Path run) throws IOException, CheckpointException, FencedException {
        StageSnapshot stage = new StageSnapshot(
                V1,
                new LedgerCounts(1, 1, 0, 0, 0, 0),
                List.of(),
                new StageSnapshot.CurriculumPosition(0, List.of(), 0, 0),
                1);
        Path commit = Checkpoints.in(run, new Retention(2, 0, 0, "reward/mean"))
                .commit(stage, directory -> Files.writeString(directory.resolve("weights"), "1 2 3"))
                .directory();
        Path manifest = commit.resolve("manifest.json");
        byte[] good = Files.readAllBytes(manifest);
        return Format.of(
                "manifest.json",
                400,
                List.of(good),
                input -> {
                    Files.write(manifest, input);
                    Checkpoints.read(commit);
                },
                List.of(CheckpointException.class));
    }

    private static void readLog(Path segment) throws IOException {
        try (EventLogReader reader = EventLogReader.open(segment.resolveSibling(""))) {
            while (reader.next().isPresent()) {
                // read on
            }
        }
    }

    /// @param model a folder in Hugging Face layout
    List<Format> ofModels(Path model) throws IOException {
        Path weights = folder.resolve("small.safetensors");
        SafetensorsFile.write(
                weights,
                List.of(NamedTensor.ofFloats("a", List.of(2L, 2L), new float[] {1, 2, 3, 4})),
                Map.of("format", "pt"));
        List<Format> formats = new ArrayList<>(List.of(
                Format.of(
                        "safetensors",
                        2_000,
                        List.of(Files.readAllBytes(weights)),
                        file("model.safetensors", SafetensorsFile::read),
                        List.of(IOException.class)),
                Format.of(
                        "config.json",
                        1_500,
                        List.of(Files.readAllBytes(model.resolve("config.json"))),
                        file("config.json", file -> PolicyConfig.read(file.resolveSibling(""))),
                        List.of(InvalidModelException.class)),
                Format.of(
                        "preprocessor_config.json",
                        1_500,
                        List.of(Files.readAllBytes(model.resolve("preprocessor_config.json"))),
                        file("preprocessor_config.json", file -> ImageProcessor.read(file.resolveSibling(""))),
                        List.of(InvalidModelException.class)),
                Format.of(
                        "tokenizer.json",
                        40,
                        List.of(Files.readAllBytes(model.resolve("tokenizer.json"))),
                        file("tokenizer.json", file -> DjlTokenizer.open(file).close()),
                        List.of(InvalidModelException.class))));
        try (Stream<Path> files = Files.list(model)) {
            Optional<Path> template = files.filter(
                            file -> file.getFileName().toString().startsWith("chat_template"))
                    .findFirst();
            if (template.isPresent()) {
                formats.add(Format.of(
                        "chat template",
                        1_500,
                        List.of(Files.readAllBytes(template.get())),
                        file(
                                template.get().getFileName().toString(),
                                file -> ChatTemplate.read(file.resolveSibling(""))),
                        List.of(InvalidModelException.class)));
            }
        }
        return formats;
    }

    /// @param tables folder of the importer's own samples
    /// @param pictures a PNG and a JPEG
    List<Format> ofData(Path tables, List<byte[]> pictures, Path model) throws IOException {
        ImageProcessor processor = ImageProcessor.read(model);
        List<Format> formats = new ArrayList<>(List.of(
                Format.of(
                        "picture headers", 80_000, pictures, HeaderReading::read, List.of(InvalidDataException.class)),
                Format.of(
                                "pictures",
                                500,
                                pictures,
                                input -> processor.patches(EncodedImage.of(input)),
                                List.of(PromptRejectedException.class))
                        .allocating(256 << 20)));
        try (Stream<Path> files = Files.walk(tables)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = file.getFileName().toString();
                if (file.toString().contains("stations") && name.endsWith(".json")) {
                    formats.add(Format.of(
                            "stations " + name,
                            1_500,
                            List.of(Files.readAllBytes(file)),
                            file("city.json", damaged -> StationFile.read(damaged, "city")),
                            List.of(InvalidDataException.class)));
                }
            }
        }
        formats.add(table(tables.resolve("train.jsonl"), 2_000));
        formats.add(table(tables.resolve("images.parquet"), 300));
        try (Stream<Path> files = Files.walk(tables.resolve("images-disk"))) {
            Path arrow = files.filter(file -> file.toString().endsWith(".arrow"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
            formats.add(table(arrow, 1_000));
        }
        return formats;
    }

    private Format table(Path sample, int inputs) throws IOException {
        String name = sample.getFileName().toString();
        return Format.of(
                        name.substring(name.lastIndexOf('.') + 1),
                        inputs,
                        List.of(Files.readAllBytes(sample)),
                        file(name, damaged -> TableFormat.forEach(damaged, _ -> {})),
                        List.of(InvalidDataException.class))
                .allocating(64 << 20);
    }

    List<Format> ofSettings(String certificate, String key) throws IOException {
        String settings = """
                railhead {
                  stage { steps = 5, group-size = 4, sampling { temperature = 0.5 } }
                  learner { optimizer { learning-rate = 1e-3 }, trouble { zero-variance = skip } }
                  policy.slots = ${railhead.stage.group-size}
                }
                """;
        return List.of(
                Format.of(
                        "certificates",
                        1_000,
                        List.of(utf8(certificate)),
                        file("node.crt", Pem::certificates),
                        List.of(ConfigurationException.class)),
                Format.of(
                        "private keys",
                        500,
                        List.of(utf8(key)),
                        file("node.key", Pem::privateKey),
                        List.of(ConfigurationException.class)),
                Format.of(
                                "settings",
                                100,
                                List.of(utf8(settings)),
                                file(
                                        "run.conf",
                                        file -> StageSettings.from(new LayeredConfig(
                                                        Optional.of("embedded"),
                                                        Optional.of(file),
                                                        List.of(),
                                                        new TreeMap<>())
                                                .resolve())),
                                List.of(ConfigurationException.class, UsageException.class, ConfigException.class))
                        .allocating(256 << 20));
    }
}
