package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.GenerationRequest;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TrainingRow;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeMemoryTest {
    private static final int SETTLING = 2000; // steps; code is compiled and buffers get their sizes in 1,300 or so
    private static final int STEPS = SETTLING + 1000;
    private static final int WINDOW = 300;
    private static final int EVERY = 10;
    private static final long ALLOWED_GROWTH = 2 << 20; // bytes over 1,000 steps

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void memoryIsFlatOverManyTrainingAndGenerationSteps(TinyModel.Tower tower) throws Throwable {
        TinyModel.create(folder, tower);
        try (var policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT.withBatchStatistics(true));
                var engine = DjlGenerationEngine.open(
                        folder, PolicyVersion.BASE, EngineOptions.of(EngineLimits.of(4, 160)))) {
            List<TrainingRow> rows = TinyRows.ragged(policy).subList(0, 2);
            Prompt prompt = new Prompt("p", "Where?", List.of(TinyModel.picture(16, 16, 1)));
            OptimizerStep step = new OptimizerStep(1e-4, 0.9, 0.999, 1e-8, 0.01, 1);
            long settled = Long.MAX_VALUE;
            long last = Long.MAX_VALUE;
            int arrays = 0;
            for (int i = 0; i < STEPS; i++) {
                if (i == SETTLING) {
                    arrays = policy.nativeArrays() + engine.nativeArrays();
                }
                policy.accumulate(rows, new WeightedScores(0.1));
                policy.step(step);
                if (i % 10 == 0) {
                    policy.score(rows, ParameterSet.TARGET);
                    policy.freezeReference();
                    engine.swap(policy.snapshot(new PolicyVersion(i)));
                }
                if (engine.pending() == 0) {
                    engine.submit(new GenerationRequest(
                            "r" + i, prompt, List.of(0, 1, 2), SamplingParams.plain(1 + i % 7, 1), i));
                }
                engine.step();
                if (i % EVERY == 0 && i >= SETTLING - WINDOW && i < SETTLING) {
                    settled = Math.min(settled, afterCollection());
                } else if (i % EVERY == 0 && i >= STEPS - WINDOW) {
                    last = Math.min(last, afterCollection());
                }
            }
            assertThat(policy.nativeArrays() + engine.nativeArrays()).isEqualTo(arrays);
            assertThat(last - settled).as("growth in bytes").isLessThan(ALLOWED_GROWTH);
        }
    }

    /// The lowest of many of these counts: the direct buffers that bring values to the native side wait for the
    /// collector.
    private static long afterCollection() throws Throwable {
        System.gc();
        return NativeHeap.bytesInUse();
    }
}
