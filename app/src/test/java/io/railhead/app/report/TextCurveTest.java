package io.railhead.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.app.report.TextCurve.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextCurveTest {
    @Test
    void risesFromNothingToEverythingOverItsStages() {
        var points = List.of(
                new Point("judging", 0),
                new Point("judging", 0.25),
                new Point("judging", 0.5),
                new Point("counting", 0.5),
                new Point("counting", 1));
        assertThat(new TextCurve(points).text()).isEqualTo("""
                         100 % |    █
                               |    █
                               |    █
                               |  ███
                               | ▄███
                           0 % | ████
                                judging counting
                        """);
    }

    @Test
    void manyPointsShareSixtyColumns() {
        var points = IntStream.range(0, 1000)
                .mapToObj(i -> new Point("planning", i / 999.0))
                .toList();
        assertThat(new TextCurve(points).text().lines()).allMatch(line -> line.length() <= 68);
    }

    @Test
    void nothingIsDrawnWithoutPoints() {
        assertThat(new TextCurve(List.of()).text()).isEmpty();
    }
}
