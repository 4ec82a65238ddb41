package io.railhead.app.run;

import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// An engine that waits after every decode step without using a core, as if the step were computed on an accelerator
/// elsewhere. What it generates is what the engine below generates; only the time is made up.
///
/// It shows on one machine what overlapping generation and training is worth where they do not share the cores.
final class SimulatedWaitEngine implements GenerationEngine {
    private final GenerationEngine engine;
    private final long waitNanos;

    private SimulatedWaitEngine(GenerationEngine engine, long waitNanos) {
        this.engine = engine;
        this.waitNanos = waitNanos;
    }

    /// The engine itself, if there is nothing to wait.
    static GenerationEngine over(GenerationEngine engine, Duration wait) {
        return wait.isZero() ? engine : new SimulatedWaitEngine(engine, wait.toNanos());
    }

    @Override
    public List<FinishedSequence> step() {
        List<FinishedSequence> finished = engine.step();
        long end = System.nanoTime() + waitNanos;
        for (long left = waitNanos; left > 0; left = end - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                break; // whoever ends this thread does not wait; the interrupt stays for them to see
            }
            LockSupport.parkNanos(this, left);
        }
        return finished;
    }

    @Override
    public PolicyVersion version() {
        return engine.version();
    }

    @Override
    public int slots() {
        return engine.slots();
    }

    @Override
    public int pending() {
        return engine.pending();
    }

    @Override
    public void submit(GenerationRequest request) {
        engine.submit(request);
    }

    @Override
    public List<Refusal> refused() {
        return engine.refused();
    }

    @Override
    public void cancel(String requestId) {
        engine.cancel(requestId);
    }

    @Override
    public void swap(WeightsSnapshot weights) {
        engine.swap(weights);
    }

    @Override
    public void close() {
        engine.close();
    }
}
