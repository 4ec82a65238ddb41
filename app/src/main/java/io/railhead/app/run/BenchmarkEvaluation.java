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
import io.railhead.transit.benchmark.BenchmarkTable;
import io.railhead.transit.metric.Accuracy;
import io.railhead.transit.metric.Intervals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/// A policy's greedy answers to a general benchmark, by the benchmark's own metric.
public record BenchmarkEvaluation(Benchmark benchmark, List<Answer> answers, Intervals intervals) {
    private static final int AT_ONCE = 64; // pictures of thousands of pixels a side are not all held in memory

    public record Answer(BenchmarkItem item, String response, int tokens, boolean correct) {}

    public BenchmarkEvaluation {
        answers = List.copyOf(answers);
    }

    public static BenchmarkEvaluation of(
            GenerationEngine engine,
            Benchmark benchmark,
            List<BenchmarkItem> items,
            EvalSettings settings,
            IntConsumer progress) {
        List<Answer> answers = new ArrayList<>();
        for (int from = 0; from < items.size(); from += AT_ONCE) {
            List<BenchmarkItem> batch = items.subList(from, Math.min(items.size(), from + AT_ONCE));
            int before = from;
            List<FinishedSequence> responses = Responses.to(
                    batch.stream()
                            .map(item -> request(item, settings.maxTokens()))
                            .toList(),
                    engine,
                    done -> progress.accept(before + done));
            for (int i = 0; i < batch.size(); i++) {
                String response = responses.get(i).text();
                answers.add(new Answer(
                        batch.get(i),
                        response,
                        responses.get(i).response().size(),
                        benchmark.isCorrect(batch.get(i), response, settings.mode())));
            }
        }
        return new BenchmarkEvaluation(benchmark, answers, settings.intervals());
    }

    /// The whole, and each group.
    public List<Accuracy> rows() {
        BenchmarkTable table = new BenchmarkTable(intervals);
        answers.forEach(answer -> table.add(answer.item(), answer.correct()));
        return table.rows();
    }

    public double meanTokens() {
        return answers.stream().mapToInt(Answer::tokens).average().orElse(0);
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
