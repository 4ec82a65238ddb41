package io.railhead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return Main.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                1,
                args);
    }

    @ParameterizedTest
    @EnumSource
    void everyBenchmarkGivesPositiveFigures(BenchmarkName name) throws IOException {
        assertThat(run(name.wireName(), "--seconds", "0", "--mib", "4")).isZero();
        JsonNode report = new JsonMapper().readTree(out.toByteArray());
        assertThat(report.get("name").textValue()).isEqualTo(name.wireName());
        assertThat(report.get("figures")).isNotEmpty().allSatisfy(figure -> {
            assertThat(figure.get("name").textValue()).startsWith(name.wireName());
            assertThat(figure.get("median").doubleValue()).isPositive().isFinite();
            assertThat(figure.get("repetitions").intValue()).isEqualTo(1);
        });
        assertThat(err.size()).isZero();
    }

    @Test
    void helpIsOneLineOnStandardOutput() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("usage: railhead bench NAME")
                .contains("score, stage");
        assertThat(err.size()).isZero();
    }

    @Test
    void anUnknownNameIsAUsageErrorOfOneLine() {
        assertThat(run("speed")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("railhead bench: unknown benchmark 'speed',"
                        + " known are score, stage, actors, maps, prefill, generate, train, weights"
                        + System.lineSeparator());
        assertThat(out.size()).isZero();
    }
}
