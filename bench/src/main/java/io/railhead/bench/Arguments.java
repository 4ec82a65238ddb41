package io.railhead.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The command line: `NAME [--table] [--seconds N] [--model MODEL] [--make DIR] [--paired] [--recompute] [--alone]
/// [--processor-time] [--mib N]`.
///
/// @param json one JSON object, as without `--table`; `--json` says so outright
/// @param time of each figure
/// @param model a [ModelSize] by its name, or a model folder: what `prefill`, `generate` and `train` measure on
/// @param mib how much `weights` brings from process to process
/// @param make where to write the model of that size instead of measuring
record Arguments(
        BenchmarkName name,
        boolean json,
        Duration time,
        Optional<String> model,
        Optional<Path> make,
        int mib,
        Set<Option> options) {
    static final String USAGE = "usage: railhead bench NAME [--table] [--seconds N] [--model MODEL] [--make DIR]"
            + " [--paired] [--recompute] [--alone] [--processor-time] [--mib N], NAME is one of ";
    private static final Duration DEFAULT_TIME = Duration.ofSeconds(6);
    private static final int LONGEST_SECONDS = 3600;
    private static final int DEFAULT_MIB = 1024;

    /// What is done otherwise; the first three by `train`.
    enum Option {
        /// Steps on demand, see [PairedTraining].
        PAIRED,
        /// With activations computed again in the backward pass.
        RECOMPUTE,
        /// Each response with a prompt of its own.
        ALONE,
        /// Counting the calling thread's processor time instead of that on the wall: for a machine that does other work
        /// as well, with one native thread.
        PROCESSOR_TIME
    }

    Arguments {
        options = Set.copyOf(options);
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    static Arguments parse(String... args) throws UsageException {
        Deque<String> rest = new ArrayDeque<>(Arrays.asList(args));
        BenchmarkName name = null;
        boolean json = true;
        Duration time = DEFAULT_TIME;
        Optional<String> model = Optional.empty();
        Optional<Path> make = Optional.empty();
        int mib = DEFAULT_MIB;
        Set<Option> options = EnumSet.noneOf(Option.class);
        for (String arg = rest.poll(); arg != null; arg = rest.poll()) {
            switch (arg) {
                case "--json" -> json = true;
                case "--table" -> json = false;
                case "--seconds" -> time = seconds(rest.poll());
                case "--model" -> model = Optional.of(value("--model", rest.poll()));
                case "--make" -> make = Optional.of(Path.of(value("--make", rest.poll())));
                case "--mib" -> mib = mib(rest.poll());
                case "--paired" -> options.add(Option.PAIRED);
                case "--recompute" -> options.add(Option.RECOMPUTE);
                case "--alone" -> options.add(Option.ALONE);
                case "--processor-time" -> options.add(Option.PROCESSOR_TIME);
                default -> {
                    if (arg.startsWith("-")) {
                        throw new UsageException(
                                "unknown option '" + arg + "', known are --json, --table, --seconds, --model, --make,"
                                        + " --paired, --recompute, --alone, --processor-time and --mib");
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
        return new Arguments(name, json, time, model, make, mib, options);
    }

    private static String value(String option, @Nullable String value) throws UsageException {
        if (value == null) {
            throw new UsageException(option + " takes a value, none is given");
        }
        return value;
    }

    private static BenchmarkName known(String name) throws UsageException {
        return BenchmarkName.of(name)
                .orElseThrow(() ->
                        new UsageException("unknown benchmark '" + name + "', known are " + BenchmarkName.known()));
    }

    private static int mib(@Nullable String value) throws UsageException {
        if (value != null && value.matches("[1-9][0-9]{0,5}")) {
            return Integer.parseInt(value);
        }
        throw new UsageException(
                "--mib takes a whole number from 1" + (value == null ? ", none is given" : ", not '" + value + "'"));
    }

    private static Duration seconds(@Nullable String value) throws UsageException {
        if (value != null && value.matches("[0-9]{1,4}") && Integer.parseInt(value) <= LONGEST_SECONDS) {
            return Duration.ofSeconds(Integer.parseInt(value));
        }
        throw new UsageException("--seconds takes a whole number from 0 to " + LONGEST_SECONDS
                + (value == null ? ", none is given" : ", not '" + value + "'"));
    }
}
