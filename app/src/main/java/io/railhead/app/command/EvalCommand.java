package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.app.report.EvaluationDocument;
import io.railhead.app.report.EvaluationFormat;
import io.railhead.app.report.EvaluationRows;
import io.railhead.app.run.BenchmarkEvaluation;
import io.railhead.app.run.DataSettings;
import io.railhead.app.run.EvalSettings;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.Item;
import io.railhead.app.run.PolicySettings;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.TaskSource;
import io.railhead.app.run.UsageException;
import io.railhead.policy.GenerationEngine;
import io.railhead.reward.RewardSettings;
import io.railhead.transit.benchmark.Benchmark;
import io.railhead.transit.benchmark.BenchmarkFile;
import io.railhead.transit.benchmark.BenchmarkItem;
import io.railhead.transit.metric.Accuracy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead eval`.
@Command(
        name = "eval",
        mixinStandardHelpOptions = true,
        description = "Accuracy on held-out questions, per type and difficulty, and weighted as in the papers.")
final class EvalCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--train", description = "On the training split instead of the held-out one.")
    private boolean train;

    @Option(
            names = "--blank",
            description = "With an empty picture in place of each map: what is right then was guessed.")
    private boolean blank;

    @Option(names = "--limit", paramLabel = "N", description = "How many questions (default: all).")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Also writes the result with every answer: .json, .csv, .md or .html, by its ending.")
    private @Nullable Path out;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Of --out, whatever its ending: ${COMPLETION-CANDIDATES}.")
    private @Nullable EvaluationFormat format;

    @Option(
            names = "--benchmark",
            paramLabel = "NAME",
            description = "--data is a TSV file of this benchmark: seed-bench-2-plus, spatial-eval, v-star, hr-bench,"
                    + " chart-qa, mm-star.")
    private @Nullable String benchmark;

    @Option(names = "--json", description = "One JSON object instead of tables.")
    private boolean json;

    private final Terminal terminal;

    EvalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        EvaluationFormat written = format != null || out == null ? format : EvaluationFormat.of(out);
        Path folder = out == null ? null : out.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new UsageException("--out " + out + " is in no folder: there is no " + folder);
        }
        Map<String, Object> options = new HashMap<>(model.settings());
        if (benchmark != null) {
            try {
                return evaluate(Benchmark.ofWireName(benchmark), config.resolve(options), written);
            } catch (IllegalArgumentException e) {
                throw new UsageException(String.valueOf(e.getMessage()), e);
            }
        }
        options.putAll(data.settings());
        Config resolved = config.resolve(options);
        DataSettings dataSettings = DataSettings.from(resolved);
        PolicySettings policy = PolicySettings.from(resolved);
        EvalSettings settings = EvalSettings.from(resolved);
        RewardSettings reward = RewardSettings.from(resolved);
        PolicySource source = PolicySource.of(policy.model());
        TaskSource shown = TaskSource.of(dataSettings, DataOptions.split(train));
        shown.requireScoredBy(reward);
        TaskSource tasks = blank ? shown.withBlankPictures() : shown;
        List<Item> items = Evaluation.choose(tasks.items(), DataOptions.limit(limit));
        if (items.isEmpty()) {
            throw new UsageException("no %s question in %s%s"
                    .formatted(
                            train ? "training" : "held-out",
                            DataOptions.described(dataSettings),
                            train ? "" : " (--train asks the training questions)"));
        }
        Evaluation evaluation;
        try (GenerationEngine engine = source.engine(policy.engine());
                Countdown countdown = new Countdown(terminal, "answered", items.size())) {
            evaluation = Evaluation.of(engine, tasks, items, settings, reward, countdown);
        }
        if (out != null && written != null) {
            written.write(EvaluationDocument.of(evaluation), out);
        }
        terminal.out().print(json ? EvaluationRows.of(evaluation).toJson() + "\n" : evaluation.text());
        if (!json) {
            DataReports.printLeftOut(terminal, tasks);
        }
        return 0;
    }

    private int evaluate(Benchmark wanted, Config resolved, @Nullable EvaluationFormat written) throws IOException {
        Path file = data.file().orElseThrow(() -> new UsageException("--benchmark needs --data FILE.tsv"));
        PolicySettings policy = PolicySettings.from(resolved);
        EvalSettings settings = EvalSettings.from(resolved);
        List<BenchmarkItem> all = BenchmarkFile.read(file, wanted);
        List<BenchmarkItem> items = all.subList(0, Math.min(DataOptions.limit(limit), all.size()));
        if (items.isEmpty()) {
            throw new UsageException("no question in " + file);
        }
        BenchmarkEvaluation evaluation;
        try (GenerationEngine engine = PolicySource.of(policy.model()).engine(policy.engine());
                Countdown countdown = new Countdown(terminal, "answered", items.size())) {
            evaluation = BenchmarkEvaluation.of(engine, wanted, items, settings, countdown);
        }
        if (out != null && written != null) {
            written.write(EvaluationDocument.of(evaluation), out);
        }
        terminal.out()
                .print(
                        json
                                ? EvaluationDocument.rowsOf(evaluation) + "\n"
                                : Accuracy.table(wanted.wireName(), evaluation.rows()));
        return 0;
    }
}
