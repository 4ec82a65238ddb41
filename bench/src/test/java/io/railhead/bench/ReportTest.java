package io.railhead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Report REPORT = new Report(
            "stage",
            List.of(
                    new Figure("stage/64-open", "us CPU/trajectory", 12.5, 10, 20, 7),
                    new Figure("stage/1000-open", "us CPU/trajectory", 1234.5, 1000, 2000, 7)),
            1,
            "Some VM 25",
            2,
            1);

    @Test
    void jsonIsOneObjectOnOneLine() {
        assertThat(REPORT.json())
                .isEqualTo("{\"name\":\"stage\",\"figures\":["
                        + "{\"name\":\"stage/64-open\",\"unit\":\"us CPU/trajectory\",\"median\":12.5,\"min\":10.0,"
                        + "\"max\":20.0,\"repetitions\":7},"
                        + "{\"name\":\"stage/1000-open\",\"unit\":\"us CPU/trajectory\",\"median\":1234.5,"
                        + "\"min\":1000.0,\"max\":2000.0,\"repetitions\":7}],"
                        + "\"seed\":1,\"jvm\":\"Some VM 25\",\"cpu_count\":2,\"threads\":1}");
    }

    @Test
    void textIsATableAndALineOnTheMachine() {
        assertThat(REPORT.text().lines())
                .containsExactly(
                        "                           median          min          max  unit",
                        "stage/64-open               12.50        10.00        20.00  us CPU/trajectory",
                        "stage/1000-open             1,235        1,000        2,000  us CPU/trajectory",
                        "7 repetitions, seed 1, Some VM 25, 2 CPUs, threads 1");
    }
}
