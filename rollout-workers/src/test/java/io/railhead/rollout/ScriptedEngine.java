package io.railhead.rollout;

import io.railhead.policy.FinishReason;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import io.railhead.policy.WeightsSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A fake engine that keeps the contract of [GenerationEngine] without a model.
///
/// Sample `i` of a request has a length and tokens drawn from `(seed, i)`; each token carries the version of its step.
/// The [Script] injects failures, paces the steps, and records what was asked of all engines made from it. Every call
/// from another thread than the maker's is an error.
final class ScriptedEngine implements GenerationEngine {
    /// What the engines of one test share. Safe to use from the test's thread.
    static final class Script {
        final AtomicInteger made = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger steps = new AtomicInteger();
        final List<String> submitted = Collections.synchronizedList(new ArrayList<>());
        final List<String> cancelled = Collections.synchronizedList(new ArrayList<>());
        final int slots;
        private final Map<Integer, RuntimeException> failures = new ConcurrentHashMap<>();
        private final AtomicInteger failingMakes = new AtomicInteger();
        private volatile @Nullable String refusedPrompt;
        private final Semaphore begun = new Semaphore(0);
        private volatile @Nullable Semaphore gate;
        private volatile boolean drains;

        Script(int slots) {
            this.slots = slots;
        }

        ScriptedEngine make() {
            made.incrementAndGet();
            if (failingMakes.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw new IllegalStateException("no device");
            }
            return new ScriptedEngine(this);
        }

        Script failingToMake(int times) {
            failingMakes.set(times);
            return this;
        }

        /// The step with this ordinal, counted over all engines from 1, throws.
        Script failingAt(int ordinal, RuntimeException failure) {
            failures.put(ordinal, failure);
            return this;
        }

        Script failingAtStep(int ordinal) {
            failures.put(ordinal, new IllegalStateException("out of memory at step " + ordinal));
            return this;
        }

        Script refusing(String promptId) {
            refusedPrompt = promptId;
            return this;
        }

        /// New weights wait until the running sequences have ended, and nothing starts before.
        Script draining() {
            drains = true;
            return this;
        }

        /// From now on each step waits for a permit.
        Script paced() {
            gate = new Semaphore(0);
            return this;
        }

        void allow(int steps) {
            Semaphore present = gate;
            if (present == null) {
                throw new IllegalStateException("not paced");
            }
            present.release(steps);
        }

        /// Waits until one more step has begun, whether or not it may go on.
        void awaitStepBegun() {
            acquire(begun, "no step began");
        }
    }

    private static final class Running {
        final GenerationRequest request;
        final int index;
        final int length;
        final List<Long> versions = new ArrayList<>();

        Running(GenerationRequest request, int index) {
            this.request = request;
            this.index = index;
            this.length = lengthOf(request.seed(), index, request.sampling().maxTokens());
        }
    }

    private final Script script;
    private final Thread owner = Thread.currentThread();
    private final ArrayDeque<GenerationRequest> waiting = new ArrayDeque<>();
    private final List<Running> running = new ArrayList<>();
    private PolicyVersion version = PolicyVersion.BASE;
    private PolicyVersion awaited = PolicyVersion.BASE;
    private boolean closed;

    private ScriptedEngine(Script script) {
        this.script = script;
    }

    static int lengthOf(long seed, int index, int maxTokens) {
        return 1 + new Random(31 * seed + index).nextInt(maxTokens);
    }

    @Override
    public PolicyVersion version() {
        return version;
    }

    @Override
    public int slots() {
        return script.slots;
    }

    @Override
    public int pending() {
        requireOwner();
        return running.size()
                + waiting.stream().mapToInt(r -> r.sampleIndices().size()).sum();
    }

    @Override
    public void submit(GenerationRequest request) {
        requireOwner();
        if (request.prompt().id().equals(script.refusedPrompt)) {
            throw new PromptRejectedException(request.prompt().id() + " has an unreadable picture");
        }
        script.submitted.add(request.id());
        waiting.add(request);
    }

    @Override
    public List<FinishedSequence> step() {
        requireOwner();
        script.begun.release();
        Semaphore gate = script.gate;
        if (gate != null) {
            acquire(gate, "the test never allowed this step");
        }
        RuntimeException failure = script.failures.get(script.steps.incrementAndGet());
        if (failure != null) {
            throw failure;
        }
        while (!waiting.isEmpty()
                && awaited.equals(version)
                && (running.isEmpty()
                        || running.size() + waiting.peek().sampleIndices().size() <= script.slots)) {
            GenerationRequest request = waiting.remove();
            request.sampleIndices().forEach(index -> running.add(new Running(request, index)));
        }
        running.forEach(sequence -> sequence.versions.add(version.number()));
        List<FinishedSequence> finished = running.stream()
                .filter(sequence -> sequence.versions.size() == sequence.length)
                .map(ScriptedEngine::finished)
                .toList();
        running.removeIf(sequence -> sequence.versions.size() == sequence.length);
        takeAwaited();
        return finished;
    }

    @Override
    public List<Refusal> refused() {
        return List.of();
    }

    @Override
    public void cancel(String requestId) {
        requireOwner();
        script.cancelled.add(requestId);
        waiting.removeIf(request -> request.id().equals(requestId));
        running.removeIf(sequence -> sequence.request.id().equals(requestId));
    }

    @Override
    public void swap(WeightsSnapshot weights) {
        requireOwner();
        if (weights.version().compareTo(version) < 0) {
            throw new IllegalArgumentException("from " + version + " back to " + weights.version());
        }
        awaited = weights.version();
        takeAwaited();
    }

    private void takeAwaited() {
        if (!script.drains || running.isEmpty()) {
            version = awaited;
        }
    }

    @Override
    public void close() {
        requireOwner();
        closed = true;
        script.closed.incrementAndGet();
    }

    private static FinishedSequence finished(Running sequence) {
        int[] ids = new Random(sequence.request.seed() + sequence.index)
                .ints(sequence.length, 1, 100)
                .toArray();
        float[] logProbs = new float[sequence.length];
        long[] versions = sequence.versions.stream().mapToLong(Long::longValue).toArray();
        return new FinishedSequence(
                sequence.request.id(),
                sequence.index,
                TokenIds.of(7, 7),
                SampledTokens.of(TokenIds.of(ids), logProbs, versions),
                "response of " + sequence.length,
                sequence.length == sequence.request.sampling().maxTokens() ? FinishReason.LENGTH : FinishReason.STOP);
    }

    private static void acquire(Semaphore semaphore, String otherwise) {
        try {
            if (!semaphore.tryAcquire(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException(otherwise);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }

    private void requireOwner() {
        if (!Thread.currentThread().equals(owner)) {
            throw new IllegalStateException("called from " + Thread.currentThread() + " instead of " + owner);
        }
        if (closed) {
            throw new IllegalStateException("called after close");
        }
    }
}
