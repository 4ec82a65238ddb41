package io.railhead.bench;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The command line: `NAME [--json] [--seconds N]`.
///
/// @param time of each figure
record Arguments(BenchmarkName name, boolean json, Duration time) {
    static final String USAGE = "usage: railhead bench NAME [--json] [--seconds N], NAME is one of ";
    private static final Duration DEFAULT_TIME = Duration.ofSeconds(6);
    private static final int LONGEST_SECONDS = 3600;

    static Arguments parse(String... args) throws UsageException {
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
        BenchmarkName name = null;
        boolean json = false;
        Duration time = DEFAULT_TIME;
        for (String arg = rest.poll(); arg != null; arg = rest.poll()) {
            switch (arg) {
                case "--json" -> json = true;
                case "--seconds" -> time = seconds(rest.poll());
                default -> {
                    if (arg.startsWith("-")) {
                        throw new UsageException("unknown option '" + arg + "', known are --json and --seconds");
                    }
                    if (name != null) {
                        throw new UsageException("one benchmark at a time, '" + arg + "' is one too many");
                    }
                    name = known(arg);
                }
            }
        }
        if (name == null) {
            throw new UsageException(USAGE + BenchmarkName.known());
        }
        return new Arguments(name, json, time);
    }

    private static BenchmarkName known(String name) throws UsageException {
        return BenchmarkName.of(name)
                .orElseThrow(() ->
                        new UsageException("unknown benchmark '" + name + "', known are " + BenchmarkName.known()));
    }

    private static Duration seconds(@Nullable String value) throws UsageException {
        if (value != null && value.matches("[0-9]{1,4}") && Integer.parseInt(value) <= LONGEST_SECONDS) {
            return Duration.ofSeconds(Integer.parseInt(value));
        }
        throw new UsageException("--seconds takes a whole number from 0 to " + LONGEST_SECONDS
                + (value == null ? ", none is given" : ", not '" + value + "'"));
    }
}
