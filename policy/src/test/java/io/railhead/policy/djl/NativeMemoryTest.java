package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.GenerationRequest;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TrainingRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeMemoryTest {
    private static final int STEPS = 2000;
    private static final long ALLOWED_GROWTH_KIB = 24 * 1024;

    @TempDir
    Path folder;

    @Test
    void memoryIsFlatOverManyTrainingAndGenerationSteps() throws IOException {
        TinyModel.create(folder);
        try (var policy = DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT);
                var engine = DjlGenerationEngine.open(folder, PolicyVersion.BASE, EngineLimits.of(4, 160))) {
            List<TrainingRow> rows = TinyRows.ragged(policy).subList(0, 2);
            Prompt prompt = new Prompt("p", "Where?", List.of(TinyModel.picture(16, 16, 1)));
            OptimizerStep step = new OptimizerStep(1e-4, 0.9, 0.999, 1e-8, 0.01, 1);
            long settled = 0;
            int arrays = 0;
            for (int i = 0; i < STEPS; i++) {
                if (i == STEPS / 2) {
                    settled = residentKib(); // buffers have their sizes and the code is compiled
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
            }
            assertThat(policy.nativeArrays() + engine.nativeArrays()).isEqualTo(arrays);
            assertThat(residentKib() - settled).as("growth in KiB").isLessThan(ALLOWED_GROWTH_KIB);
        }
    }

    private static long residentKib() throws IOException {
        System.gc(); // so that the heap's own growth does not count
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findAny()
                .orElseThrow();
    }
}
