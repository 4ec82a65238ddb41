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
                .facts("Facts", List.of(List.of("why", "x > y")))
                .folded("More", "a & b", "<c>")
                .code("Config", "x = \"1\"")
                .cards(
                        "Curves",
                        List.of(HtmlReport.Card.of(
                                "Reward", new Curve("reward", List.of(point(1, 0.5), point(2, 1.5))))))
                .toString();
        assertThat(html)
                .startsWith("<!doctype html>")
                .contains(
                        "<h1>a &lt; b</h1>",
                        "finished &amp; done",
                        "<td>&lt;cell&gt;</td>",
                        "<td>x &gt; y</td>",
                        "&quot;1&quot;",
                        "<summary>a &amp; b</summary><pre>&lt;c&gt;</pre>",
                        "<svg")
                .doesNotContain("http", "<script", "src=");
    }

    @Test
    void aCurveSpansItsFrame() {
        Curve curve = new Curve("r", List.of(point(10, -1), point(20, 3)));
        assertThat(curve.svg()).contains("points=\"120.0,255.0 780.0,50.0\"", ">3.00<", ">-1.00<", "step 20");
    }

    @Test
    void aStageIsMarkedWhereItBegins() {
        String svg = new Curve(
                        "r",
                        List.of(
                                new Curve.Point(1, 0, "judging"),
                                new Curve.Point(2, 2, "judging"),
                                new Curve.Point(3, 4, "a < b")))
                .svg();
        assertThat(svg)
                .contains("<line x1=\"120.0\"", ">judging</text>", "<line x1=\"780.0\"", ">a &lt; b</text>")
                .containsOnlyOnce("judging");
    }

    @Test
    void aCurveWithoutAPointSaysSo() {
        assertThat(new Curve("r", List.of()).svg()).isEqualTo("<p>No train step yet.</p>");
    }

    @Test
    void smoothingIsTheMeanOfTheLatestPoints() {
        Curve curve = new Curve("r", List.of(point(1, 0), point(2, 2), point(3, 4), point(4, 0)));
        assertThat(curve.smoothed(2).points()).containsExactly(point(1, 0), point(2, 1), point(3, 3), point(4, 2));
    }

    @Test
    void cardsHoldCurvesAndPicturesWithFacts() {
        String html = new HtmlReport("r")
                .cards(
                        "Samples",
                        List.of(
                                HtmlReport.Card.of("a < b", new Curve("c", List.of(point(1, 1)))),
                                HtmlReport.Card.of(
                                        "d", List.of("data:image/png;base64,AA"), List.of(List.of("e", "f")))))
                .toString();
        assertThat(html)
                .contains("<h3>a &lt; b</h3><svg", "<img src=\"data:image/png;base64,AA\" alt=\"d\">", "<td>f</td>");
    }

    private static Curve.Point point(long step, double value) {
        return new Curve.Point(step, value, "all");
    }
}
