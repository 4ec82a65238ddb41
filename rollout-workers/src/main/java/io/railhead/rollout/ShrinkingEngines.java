package io.railhead.rollout;

import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.OutOfDeviceMemoryException;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a worker's engines, each after one that ran out of memory with half of its slots and cache.
///
/// The engine that ran out is of no use any more: its worker closes it, tells its samples as failed, and makes the
/// next. Below the smallest size the failure is as any other.
///
/// May be called from any thread, one engine at a time.
public final class ShrinkingEngines implements Supplier<GenerationEngine> {
    private static final Logger LOG = LoggerFactory.getLogger(ShrinkingEngines.class);

    private final IntFunction<GenerationEngine> byHalvings;
    private final int most;
    private final AtomicInteger halvings = new AtomicInteger();

    /// @param byHalvings makes an engine whose slots and cache are halved so often
    /// @param most halvings that leave an engine that can serve a whole group
    public ShrinkingEngines(IntFunction<GenerationEngine> byHalvings, int most) {
        this.byHalvings = byHalvings;
        this.most = most;
    }

    /// How often engines of so many slots can be halved and still take a group.
    public static int mostHalvings(int slots, int groupSize) {
        int most = 0;
        while (slots >> (most + 1) >= groupSize) {
            most++;
        }
        return most;
    }

    /// How often the engines were halved.
    public int halvings() {
        return halvings.get();
    }

    @Override
    public GenerationEngine get() {
        try {
            return new Watched(byHalvings.apply(halvings.get()));
        } catch (OutOfDeviceMemoryException e) {
            shrink(e);
            throw e;
        }
    }

    private void shrink(OutOfDeviceMemoryException cause) {
        if (halvings.get() < most) {
            int now = halvings.incrementAndGet();
            LOG.warn(
                    "out of memory: {}; the next engine has 1/{} of its slots and cache", cause.getMessage(), 1 << now);
        } else {
            LOG.error("out of memory: {}; the engine is as small as a group allows", cause.getMessage());
        }
    }

    private final class Watched implements GenerationEngine {
        private final GenerationEngine engine;

        Watched(GenerationEngine engine) {
            this.engine = engine;
        }

        @Override
        public List<FinishedSequence> step() {
            try {
                return engine.step();
            } catch (OutOfDeviceMemoryException e) {
                shrink(e);
                throw e;
            }
        }

        @Override
        public void swap(WeightsSnapshot weights) {
            try {
                engine.swap(weights);
            } catch (OutOfDeviceMemoryException e) {
                shrink(e);
                throw e;
            }
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
        public Duration quiet() {
            return engine.quiet();
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
        public void close() {
            engine.close();
        }
    }
}
