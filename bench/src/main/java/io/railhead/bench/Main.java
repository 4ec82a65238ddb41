package io.railhead.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// `railhead bench NAME [OPTION]...`. Exit status 0, 1 (failed) or 2 (usage).
public final class Main {
    private static final int REPETITIONS = 7;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(System.out, System.err, REPETITIONS, args));
    }

    static int run(PrintStream out, PrintStream err, int repetitions, String... args) {
        if (List.of(args).contains("--help")) {
            out.println(Arguments.USAGE + BenchmarkName.known());
            return 0;
        }
        try {
            Arguments arguments = Arguments.parse(args);
            if (arguments.make().isPresent() || arguments.has(Arguments.Option.PAIRED)) {
                prepareOrServe(arguments, out);
                return 0;
            }
            BenchmarkName name = arguments.name();
            Loop onTheWall = Loop.onTheWall(arguments.time(), repetitions);
            Loop loop = arguments.has(Arguments.Option.PROCESSOR_TIME) ? onTheWall.byProcessorTime() : onTheWall;
            Report report = Report.ofThisMachine(name, name.benchmark(arguments).run(loop));
            out.println(arguments.json() ? report.json() : report.text());
            return 0;
        } catch (UsageException e) {
            err.println("railhead bench: " + e.getMessage());
            return 2;
        } catch (IOException e) {
            err.println("railhead bench: " + e.getMessage());
            return 1;
        }
    }

    private static void prepareOrServe(Arguments arguments, PrintStream out) throws IOException, UsageException {
        String model = arguments
                .model()
                .orElseThrow(() -> new UsageException("--make takes the size and --paired the folder of --model"));
        if (arguments.make().isPresent()) {
            ModelSize size = ModelSize.of(model)
                    .orElseThrow(
                            () -> new UsageException("unknown size '" + model + "', known are " + ModelSize.known()));
            RandomModel.write(size, Benchmark.SEED, arguments.make().get());
            return;
        }
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PairedTraining.serve(Path.of(model), arguments, in, out);
    }
}
