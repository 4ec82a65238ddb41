package io.railhead.app.simulate;

import io.railhead.policy.FinishReason;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SwapMode;
import io.railhead.policy.TokenIds;
import io.railhead.policy.WeightsSnapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A device that generates in virtual time: nothing is computed, and all takes as long as its [DeviceModel] says.
///
/// All running sequences advance in lockstep, so between two of their ends or joins the state is a line in time, and
/// the engine says by `quiet` how long that goes on. It starts each sample as soon as a slot is free (the prompt is
/// prefilled once), or all of a request together, as the embedded engine does. New weights take effect at the next
/// token, after a pause; under [SwapMode#RECOMPUTE] all caches
/// are prefilled again in it, under [SwapMode#DRAIN] nothing starts until all that runs has ended.
///
/// A token in what it returns stands for `grain` tokens, the last of a response for what is left.
///
/// The length of a response is a function of the request's seed and the sample, as with an engine that computes.
final class SimulatedEngine implements GenerationEngine {
    /// What all devices of a simulation have in common.
    ///
    /// @param together the samples of a request start together
    /// @param swapNanos pause for new weights
    /// @param meanNanosToFailure of one device while it works; 0 = it never fails
    /// @param correctShare of the responses
    record Traits(
            DeviceModel device,
            Lengths lengths,
            int slots,
            boolean together,
            int promptTokens,
            int grain,
            SwapMode swapMode,
            long swapNanos,
            double meanNanosToFailure,
            double correctShare) {}

    /// A device that failed, as the simulation asked for.
    static final class SimulatedFailure extends RuntimeException {
        SimulatedFailure(String message) {
            super(message, null, false, false); // thrown often, and from one place
        }
    }

    private record Waiting(GenerationRequest request, int index, boolean first) {
        /// Slots that must be free.
        int needs(boolean together) {
            return together && first ? request.sampleIndices().size() : 1;
        }
    }

    /// @param start,end in decode steps of this engine
    private record Running(GenerationRequest request, int index, long start, long end, boolean correct) {}

    /// From decode step `at` on.
    private record Served(long at, PolicyVersion version) {}

    private final Traits traits;
    private final TokenIds promptTokens;
    private final LongSupplier nanoTime;
    private final RolloutMeter meter;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final List<Running> running = new ArrayList<>();
    private final ArrayDeque<Served> served = new ArrayDeque<>();
    private final List<FinishedSequence> finished = new ArrayList<>();
    private final double workToFailure; // ns of work that this device survives

    private PolicyVersion version;
    private WeightsSnapshot pendingWeights;
    private boolean draining;
    private long at; // the instant that the fields speak of: the last token boundary, or now if nothing runs
    private long step; // decode steps until `at`
    private long cached; // tokens of the running sequences with their prompts
    private double work; // ns

    SimulatedEngine(
            Traits traits,
            PolicyVersion version,
            LongSupplier nanoTime,
            SplittableRandom failures,
            RolloutMeter meter) {
        this.traits = traits;
        this.version = version;
        this.pendingWeights = new WeightsSnapshot(version, List.of());
        this.promptTokens = TokenIds.of(new int[Math.max(1, traits.promptTokens() / traits.grain())]);
        this.nanoTime = nanoTime;
        this.meter = meter;
        this.at = nanoTime.getAsLong();
        this.workToFailure = traits.meanNanosToFailure() > 0
                ? -Math.log(1 - failures.nextDouble()) * traits.meanNanosToFailure()
                : Double.POSITIVE_INFINITY;
        served.add(new Served(0, version));
        meter.opened(this);
    }

    @Override
    public PolicyVersion version() {
        return version;
    }

    @Override
    public int slots() {
        return traits.slots();
    }

    @Override
    public int pending() {
        return waiting.size() + running.size() + finished.size();
    }

    @Override
    public void submit(GenerationRequest request) {
        catchUp();
        boolean first = true;
        for (int index : request.sampleIndices()) {
            waiting.add(new Waiting(request, index, first));
            first = false;
        }
        start();
    }

    @Override
    public List<FinishedSequence> step() {
        catchUp();
        if (work > workToFailure) {
            meter.crashed(tokensUnderWay());
            running.clear();
            throw new SimulatedFailure("simulated failure after " + Duration.ofNanos((long) work) + " of work");
        }
        List<FinishedSequence> done = List.copyOf(finished);
        finished.clear();
        return done;
    }

    @Override
    public Duration quiet() {
        catchUp();
        if (!finished.isEmpty() || running.isEmpty()) {
            return Duration.ZERO;
        }
        long steps = Math.min(stepsToNextEnd(), stepsToFailure());
        return Duration.ofNanos(
                Math.max(1, at + traits.device().decodeNanos(steps, running.size(), cached) - nanoTime.getAsLong()));
    }

    /// It fails at the end of a step, like all that it does.
    private long stepsToFailure() {
        double left = workToFailure - work;
        return left > Long.MAX_VALUE / 2.0
                ? Long.MAX_VALUE
                : traits.device().stepsWithin(Math.max(0, (long) left), running.size(), cached) + 1;
    }

    @Override
    public List<Refusal> refused() {
        return List.of();
    }

    @Override
    public void cancel(String requestId) {
        catchUp();
        waiting.removeIf(w -> w.request().id().equals(requestId));
        for (Iterator<FinishedSequence> each = finished.iterator(); each.hasNext(); ) {
            FinishedSequence sequence = each.next();
            if (sequence.requestId().equals(requestId)) {
                meter.cancelled((long) sequence.response().size() * traits.grain());
                each.remove();
            }
        }
        for (Iterator<Running> each = running.iterator(); each.hasNext(); ) {
            Running sequence = each.next();
            if (sequence.request().id().equals(requestId)) {
                meter.cancelled(step - sequence.start());
                cached -= tokensOf(sequence);
                each.remove();
            }
        }
        settleSwap();
        start();
    }

    @Override
    public void swap(WeightsSnapshot weights) {
        catchUp();
        if (weights.version().compareTo(version) < 0) {
            throw new IllegalArgumentException(weights.version() + " after " + version);
        }
        pendingWeights = weights;
        draining = traits.swapMode() == SwapMode.DRAIN;
        settleSwap();
        start();
    }

    @Override
    public void close() {
        catchUp();
        meter.closed(this);
    }

    /// Lets pass what time has passed.
    void catchUp() {
        long now = nanoTime.getAsLong();
        while (at < now && !running.isEmpty()) {
            long steps = stepsToNextEnd();
            if (at + traits.device().decodeNanos(steps, running.size(), cached) > now) {
                decode(traits.device().stepsWithin(now - at, running.size(), cached));
                return;
            }
            decode(steps);
            finish();
            settleSwap();
            start();
        }
        if (running.isEmpty()) {
            at = Math.max(at, now);
        }
    }

    private void decode(long steps) {
        long nanos = traits.device().decodeNanos(steps, running.size(), cached);
        meter.decoded(nanos, running.size(), steps * running.size());
        at += nanos;
        work += nanos;
        step += steps;
        cached += steps * running.size();
    }

    private void finish() {
        for (Iterator<Running> each = running.iterator(); each.hasNext(); ) {
            Running sequence = each.next();
            if (sequence.end() == step) {
                each.remove();
                cached -= tokensOf(sequence);
                finished.add(result(sequence));
            }
        }
        long oldest = running.stream().mapToLong(Running::start).min().orElse(step);
        while (served.size() > 1 && second().at() <= oldest) {
            served.remove();
        }
    }

    private Served second() {
        Iterator<Served> each = served.iterator();
        each.next();
        return each.next();
    }

    /// Fills free slots. Time stands still for whoever runs while prompts are prefilled.
    private void start() {
        while (!draining && !waiting.isEmpty() && hasRoomFor(waiting.element())) {
            Waiting next = waiting.remove();
            if (next.first()) {
                long nanos = traits.device().prefillNanos(traits.promptTokens());
                meter.prefilled(nanos);
                at += nanos;
                work += nanos;
            }
            SplittableRandom random = next.request().random(next.index());
            int length = Math.min(
                    traits.lengths().draw(next.request().seed(), next.index(), random),
                    Math.multiplyExact(next.request().sampling().maxTokens(), traits.grain()));
            running.add(new Running(
                    next.request(), next.index(), step, step + length, random.nextDouble() < traits.correctShare()));
            cached += traits.promptTokens();
        }
    }

    /// A request with more samples than slots starts what fits.
    private boolean hasRoomFor(Waiting next) {
        return running.isEmpty() || running.size() + next.needs(traits.together()) <= traits.slots();
    }

    private void settleSwap() {
        if (pendingWeights.version().compareTo(version) <= 0 || (draining && !running.isEmpty())) {
            return;
        }
        draining = false;
        version = pendingWeights.version();
        long nanos = traits.swapNanos();
        if (traits.swapMode() == SwapMode.RECOMPUTE) {
            nanos += traits.device().prefillNanos(cached);
        }
        meter.stalled(nanos);
        at = Math.max(at, nanoTime.getAsLong()) + nanos;
        served.add(new Served(step, version));
    }

    private long stepsToNextEnd() {
        long end = Long.MAX_VALUE;
        for (Running sequence : running) {
            end = Math.min(end, sequence.end());
        }
        return end - step;
    }

    private long tokensOf(Running sequence) {
        return traits.promptTokens() + step - sequence.start();
    }

    private long tokensUnderWay() {
        return running.stream().mapToLong(sequence -> step - sequence.start()).sum();
    }

    private FinishedSequence result(Running sequence) {
        int length = (int) (sequence.end() - sequence.start());
        int units = (length + traits.grain() - 1) / traits.grain();
        long[] versions = new long[units];
        Iterator<Served> each = served.iterator();
        Served current = each.next();
        @Nullable Served next = each.hasNext() ? each.next() : null;
        for (int unit = 0; unit < units; unit++) {
            long stepOfUnit = sequence.start() + (long) unit * traits.grain();
            while (next != null && next.at() <= stepOfUnit) {
                current = next;
                next = each.hasNext() ? each.next() : null;
            }
            versions[unit] = current.version().number();
        }
        return new FinishedSequence(
                sequence.request().id(),
                sequence.index(),
                promptTokens,
                SampledTokens.of(TokenIds.of(new int[units]), new float[units], versions),
                sequence.correct() ? SimulatedReward.CORRECT : SimulatedReward.WRONG,
                units >= sequence.request().sampling().maxTokens() ? FinishReason.LENGTH : FinishReason.STOP);
    }
}
