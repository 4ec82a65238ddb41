package io.railhead.app.run;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.benchmark.Benchmark;
import io.railhead.transit.benchmark.BenchmarkItem;
import io.railhead.transit.metric.Accuracy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/// A policy's greedy answers to a general benchmark, by the benchmark's own metric.
public record BenchmarkEvaluation(Benchmark benchmark, List<Answer> answers) {
    private static final int AT_ONCE = 64; // pictures of thousands of pixels a side are not all held in memory

    public record Answer(BenchmarkItem item, String response, boolean correct) {}

    public BenchmarkEvaluation {
        answers = List.copyOf(answers);
    }

    public static BenchmarkEvaluation of(
            GenerationEngine engine,
            Benchmark benchmark,
            List<BenchmarkItem> items,
            int maxTokens,
            IntConsumer progress) {
        List<Answer> answers = new ArrayList<>();
        for (int from = 0; from < items.size(); from += AT_ONCE) {
            List<BenchmarkItem> batch = items.subList(from, Math.min(items.size(), from + AT_ONCE));
            int before = from;
            List<FinishedSequence> responses = Responses.to(
                    batch.stream().map(item -> request(item, maxTokens)).toList(),
                    engine,
                    done -> progress.accept(before + done));
            for (int i = 0; i < batch.size(); i++) {
                String response = responses.get(i).text();
                answers.add(new Answer(batch.get(i), response, benchmark.isCorrect(batch.get(i), response)));
            }
        }
        return new BenchmarkEvaluation(benchmark, answers);
    }

    /// The whole, and each group.
    public List<Accuracy> rows() {
        Map<String, List<Answer>> groups = new LinkedHashMap<>();
        groups.put("overall", answers);
        answers.stream()
                .filter(answer -> !answer.item().group().isEmpty())
                .forEach(answer -> groups.computeIfAbsent(answer.item().group(), _ -> new ArrayList<>())
                        .add(answer));
        List<Accuracy> rows = new ArrayList<>();
        groups.forEach((name, of) -> rows.add(
                Accuracy.of(name, (int) of.stream().filter(Answer::correct).count(), of.size())));
        return List.copyOf(rows);
    }

    public String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%-30s %7s %7s %7s  %s\n", benchmark.wireName(), "right", "of", "%", "95 % interval"));
        for (Accuracy row : rows()) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-28s %7d %7d %7.2f  %.2f - %.2f\n",
                    row.name(),
                    row.correct(),
                    row.total(),
                    100 * row.accuracy(),
                    100 * row.low(),
                    100 * row.high()));
        }
        return text.toString();
    }

    private static GenerationRequest request(BenchmarkItem item, int maxTokens) {
        try {
            Prompt prompt = new Prompt(
                    item.id(),
                    item.prompt(),
                    List.of(EncodedImage.of(item.image().load())));
            return new GenerationRequest(item.id(), prompt, List.of(0), SamplingParams.greedy(maxTokens), 0);
        } catch (IOException e) {
            throw new InvalidDataException("picture " + item.image().name() + " cannot be read: " + e.getMessage(), e);
        }
    }
}
