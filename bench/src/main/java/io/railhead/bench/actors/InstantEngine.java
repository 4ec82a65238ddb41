package io.railhead.bench.actors;

import io.railhead.policy.FinishReason;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import io.railhead.policy.WeightsSnapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/// Answers each request as a whole after a time, with the same few tokens every time.
final class InstantEngine implements GenerationEngine {
    private static final TokenIds PROMPT = TokenIds.of(1, 2, 3, 4, 5, 6, 7, 8);
    private static final TokenIds TOKENS = TokenIds.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    private static final float[] LOG_PROBS = new float[TOKENS.size()];

    private record Due(long at, GenerationRequest request) {}

    private final int slots;
    private final long nanos;
    private final LongSupplier clock;
    private final Deque<Due> waiting = new ArrayDeque<>();
    private PolicyVersion version = PolicyVersion.BASE;

    /// @param time from a request to its responses
    InstantEngine(int slots, Duration time, LongSupplier clock) {
        this.slots = slots;
        this.nanos = time.toNanos();
        this.clock = clock;
    }

    @Override
    public PolicyVersion version() {
        return version;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public int pending() {
        return waiting.stream()
                .mapToInt(due -> due.request().sampleIndices().size())
                .sum();
    }

    @Override
    public void submit(GenerationRequest request) {
        waiting.add(new Due(clock.getAsLong() + nanos, request));
    }

    @Override
    public List<FinishedSequence> step() {
        List<FinishedSequence> finished = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.getFirst().at() <= clock.getAsLong()) {
            GenerationRequest request = waiting.remove().request();
            for (int sample : request.sampleIndices()) {
                long[] versions = new long[TOKENS.size()];
                Arrays.fill(versions, version.number());
                finished.add(new FinishedSequence(
                        request.id(),
                        sample,
                        PROMPT,
                        SampledTokens.of(TOKENS, LOG_PROBS, versions),
                        sample % 2 == 0 ? "yes" : "no",
                        FinishReason.STOP));
            }
        }
        return finished;
    }

    @Override
    public Duration quiet() {
        return waiting.isEmpty()
                ? Duration.ZERO
                : Duration.ofNanos(Math.max(0, waiting.getFirst().at() - clock.getAsLong()));
    }

    @Override
    public List<Refusal> refused() {
        return List.of();
    }

    @Override
    public void cancel(String requestId) {
        waiting.removeIf(due -> due.request().id().equals(requestId));
    }

    @Override
    public void swap(WeightsSnapshot weights) {
        version = weights.version();
    }

    @Override
    public void close() {}
}
