package io.railhead.policy.djl;

import io.railhead.policy.LoraConfig;
import io.railhead.policy.SwapMode;
import java.util.Optional;

/// How a generation engine works, fixed for its life.
public record EngineOptions(EngineLimits limits, ComputeOptions compute, SwapMode swapMode, Optional<LoraConfig> lora) {
    public static EngineOptions of(EngineLimits limits) {
        return new EngineOptions(limits, ComputeOptions.DEFAULT, SwapMode.KEEP_CACHE, Optional.empty());
    }

    public EngineOptions with(ComputeOptions other) {
        return new EngineOptions(limits, other, swapMode, lora);
    }

    public EngineOptions with(SwapMode other) {
        return new EngineOptions(limits, compute, other, lora);
    }

    public EngineOptions with(LoraConfig adapters) {
        return new EngineOptions(limits, compute, swapMode, Optional.of(adapters));
    }

    /// With half of the slots and of the cache, so many times over.
    public EngineOptions halved(int times) {
        EngineLimits less = new EngineLimits(
                Math.max(1, limits.slots() >> times),
                Math.max(KvCache.BLOCK, limits.cacheTokens() >> times),
                limits.prefillTokens());
        return new EngineOptions(less, compute, swapMode, lora);
    }
}
