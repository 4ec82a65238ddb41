package io.railhead.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlReportTest {
    @Test
    void isSelfContainedAndEscapesWhatItShows() {
        String html = new HtmlReport("a < b")
                .text("Outcome", "finished & done")
                .table("Table", List.of(List.of("head"), List.of("<cell>")))
                .code("Config", "x = \"1\"")
                .curve("Reward", new Curve("reward", List.of(new Curve.Point(1, 0.5), new Curve.Point(2, 1.5))))
                .toString();
        assertThat(html)
                .startsWith("<!doctype html>")
                .contains("<h1>a &lt; b</h1>", "finished &amp; done", "<td>&lt;cell&gt;</td>", "&quot;1&quot;", "<svg")
                .doesNotContain("http", "<script", "src=");
    }

    @Test
    void aCurveSpansItsFrame() {
        Curve curve = new Curve("r", List.of(new Curve.Point(10, -1), new Curve.Point(20, 3)));
        assertThat(curve.svg()).contains("points=\"40.0,200.0 760.0,40.0\"", ">3.000<", ">-1.000<", "step 20");
    }

    @Test
    void aCurveWithoutAPointSaysSo() {
        assertThat(new Curve("r", List.of()).svg()).isEqualTo("<p>No train step yet.</p>");
    }

    @Test
    void smoothingIsTheMeanOfTheLatestPoints() {
        Curve curve = new Curve(
                "r",
                List.of(new Curve.Point(1, 0), new Curve.Point(2, 2), new Curve.Point(3, 4), new Curve.Point(4, 0)));
        assertThat(curve.smoothed(2).points())
                .containsExactly(
                        new Curve.Point(1, 0), new Curve.Point(2, 1), new Curve.Point(3, 3), new Curve.Point(4, 2));
    }
}
