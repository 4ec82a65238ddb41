package io.railhead.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.djl.DjlTrainablePolicy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Train steps on demand, so that another implementation can take turns with this one: first a line with the workload,
/// then, for each line of input, one step and a line with its milliseconds, gradient norm and the most memory that the
/// process has had resident.
final class PairedTraining {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path STATUS = Path.of("/proc/self/status"); // of Linux

    private PairedTraining() {}

    static void serve(Path model, Arguments arguments, BufferedReader in, PrintStream out) throws IOException {
        TrainWorkload workload = TrainWorkload.draw(ModelDirectory.open(model).config(), Benchmark.SEED);
        out.println(workload.json());
        try (TrainablePolicy policy = DjlTrainablePolicy.open(model, TrainBenchmark.options(arguments))) {
            GrpoStep step = new GrpoStep(policy, arguments.has(Arguments.Option.ALONE) ? workload.alone() : workload);
            while (in.readLine() != null) {
                long start = System.nanoTime();
                step.run();
                double milliseconds = (System.nanoTime() - start) / 1e6;
                ObjectNode answer = JSON.createObjectNode()
                        .put("ms", milliseconds)
                        .put("gradient_norm", step.gradientNorm())
                        .put("peak_resident_kb", peakResidentKilobytes());
                out.println(answer);
            }
        }
    }

    private static long peakResidentKilobytes() throws IOException {
        List<String> lines = Files.readAllLines(STATUS);
        return lines.stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> Long.valueOf(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
