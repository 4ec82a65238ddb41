package io.railhead.bench;

import java.io.IOException;
import java.io.PrintStream;

/// `railhead bench NAME [--json] [--seconds N]`. Exit status 0, 1 (failed) or 2 (usage).
public final class Main {
    private static final int REPETITIONS = 7;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(System.out, System.err, REPETITIONS, args));
    }

    static int run(PrintStream out, PrintStream err, int repetitions, String... args) {
        try {
            Arguments arguments = Arguments.parse(args);
            BenchmarkName name = arguments.name();
            Loop loop = Loop.onTheWall(arguments.time(), repetitions);
            Report report = Report.ofThisMachine(name, name.benchmark().run(loop));
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
}
