package io.railhead.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    @Test
    void aNameAloneMeansTextAndTheDefaultTime() throws UsageException {
        assertThat(Arguments.parse("score"))
                .isEqualTo(new Arguments(BenchmarkName.SCORE, false, Duration.ofSeconds(6)));
    }

    @Test
    void optionsMayStandOnEitherSideOfTheName() throws UsageException {
        var expected = new Arguments(BenchmarkName.TRAIN, true, Duration.ofSeconds(30));
        assertThat(Arguments.parse("train", "--json", "--seconds", "30")).isEqualTo(expected);
        assertThat(Arguments.parse("--seconds", "30", "--json", "train")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            speed          | unknown benchmark 'speed', known are score, stage, maps, generate, train
            score maps     | one benchmark at a time, 'maps' is one too many
            score --yaml   | unknown option '--yaml', known are --json and --seconds
            score --seconds | --seconds takes a whole number from 0 to 3600, none is given
            score --seconds -1 | --seconds takes a whole number from 0 to 3600, not '-1'
            score --seconds 3601 | --seconds takes a whole number from 0 to 3600, not '3601'
            --json         | usage: railhead bench NAME [--json] [--seconds N], NAME is one of score, stage, maps, generate, train
            """)
    void whatItCannotTakeIsNamed(String line, String message) {
        assertThatThrownBy(() -> Arguments.parse(line.split(" ")))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
