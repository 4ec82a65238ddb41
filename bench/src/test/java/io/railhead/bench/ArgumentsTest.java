package io.railhead.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    @Test
    void aNameAloneMeansJsonAndTheDefaultTime() throws UsageException {
        assertThat(Arguments.parse("score"))
                .isEqualTo(new Arguments(
                        BenchmarkName.SCORE,
                        true,
                        Duration.ofSeconds(6),
                        Optional.empty(),
                        Optional.empty(),
                        1024,
                        Set.of()));
    }

    @Test
    void optionsMayStandOnEitherSideOfTheName() throws UsageException {
        var expected = new Arguments(
                BenchmarkName.TRAIN,
                false,
                Duration.ofSeconds(30),
                Optional.of("5m"),
                Optional.of(Path.of("folder")),
                64,
                Set.of(Arguments.Option.PAIRED, Arguments.Option.RECOMPUTE, Arguments.Option.ALONE));
        assertThat(Arguments.parse(
                        "train --table --seconds 30 --model 5m --make folder --paired --recompute --alone --mib 64"
                                .split(" ")))
                .isEqualTo(expected);
        assertThat(Arguments.parse(
                        "--mib 64 --alone --recompute --paired --make folder --model 5m --seconds 30 --table train"
                                .split(" ")))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            speed          | unknown benchmark 'speed', known are score, stage, actors, maps, prefill, generate, train, weights
            score maps     | one benchmark at a time, 'maps' is one too many
            score --yaml   | unknown option '--yaml', known are --json, --table, --seconds, --model, --make, --paired, --recompute, --alone, --processor-time and --mib
            train --model  | --model takes a value, none is given
            score --seconds | --seconds takes a whole number from 0 to 3600, none is given
            score --seconds -1 | --seconds takes a whole number from 0 to 3600, not '-1'
            score --seconds 3601 | --seconds takes a whole number from 0 to 3600, not '3601'
            weights --mib 0 | --mib takes a whole number from 1, not '0'
            --json         | usage: railhead bench NAME [--table] [--seconds N] [--model MODEL] [--make DIR] [--paired] [--recompute] [--alone] [--processor-time] [--mib N], NAME is one of score, stage, actors, maps, prefill, generate, train, weights
            """)
    void whatItCannotTakeIsNamed(String line, String message) {
        assertThatThrownBy(() -> Arguments.parse(line.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
