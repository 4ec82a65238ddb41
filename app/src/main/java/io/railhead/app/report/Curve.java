package io.railhead.app.report;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A measured value over the train steps, drawn as it is and as its moving average, with the stages of the curriculum.
public record Curve(String name, List<Point> points) {
    private static final double WIDTH = 800;
    private static final double HEIGHT = 300;
    private static final double LEFT = 120; // of the curve, in pixels
    private static final double RIGHT = WIDTH - 20;
    private static final double TOP = 50;
    private static final double BOTTOM = HEIGHT - 45;

    /// The value after train step `step`, which was one of `stage`.
    public record Point(long step, double value, String stage) {}

    public Curve {
        points = List.copyOf(points);
    }

    /// The mean of each point and up to `window - 1` before it.
    Curve smoothed(int window) {
        List<Point> means = new java.util.ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            double mean = points.subList(Math.max(0, i + 1 - window), i + 1).stream()
                    .mapToDouble(Point::value)
                    .average()
                    .orElseThrow();
            Point point = points.get(i);
            means.add(new Point(point.step(), mean, point.stage()));
        }
        return new Curve(name, means);
    }

    String svg() {
        if (points.isEmpty()) {
            return "<p>No train step yet.</p>";
        }
        DoubleSummaryStatistics steps = points.stream().collect(Collectors.summarizingDouble(Point::step));
        DoubleSummaryStatistics values = points.stream().collect(Collectors.summarizingDouble(Point::value));
        Frame frame = new Frame(steps.getMin(), steps.getMax(), values.getMin(), values.getMax());
        int window = Math.max(1, points.size() / 20);
        return String.format(
                Locale.ROOT,
                """
                <svg viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">
                <line x1="%5$.1f" y1="%6$.1f" x2="%7$.1f" y2="%6$.1f" class="axis"/>
                <polyline class="raw" points="%4$s"/>
                <polyline class="mean" points="%8$s"/>
                <text x="4" y="%9$.1f">%10$.3g</text><text x="4" y="%6$.1f">%11$.3g</text>
                <text x="%5$.1f" y="%12$.1f">%13$.0f</text>
                <text x="%7$.1f" y="%12$.1f" text-anchor="end">step %14$.0f</text>
                %15$s</svg>""",
                WIDTH,
                HEIGHT,
                HtmlReport.escaped(name),
                frame.polyline(points),
                LEFT,
                BOTTOM,
                RIGHT,
                frame.polyline(smoothed(window).points()),
                TOP + 8,
                values.getMax(),
                values.getMin(),
                HEIGHT - 12,
                steps.getMin(),
                steps.getMax(),
                frame.stages(points));
    }

    /// Values to pixels. A flat curve lies in the middle.
    private record Frame(double minStep, double maxStep, double minValue, double maxValue) {
        String polyline(List<Point> points) {
            return points.stream()
                    .map(p -> String.format(Locale.ROOT, "%.1f,%.1f", x(p.step()), y(p.value())))
                    .collect(Collectors.joining(" "));
        }

        /// A line where each stage begins, with its name.
        String stages(List<Point> points) {
            StringBuilder lines = new StringBuilder();
            String last = "";
            for (Point point : points) {
                if (!point.stage().equals(last)) {
                    last = point.stage();
                    lines.append(String.format(
                            Locale.ROOT,
                            """
                            <line x1="%1$.1f" y1="%2$.1f" x2="%1$.1f" y2="%3$.1f" class="stage"/>
                            <text x="%4$.1f" y="%5$.1f">%6$s</text>
                            """,
                            x(point.step()),
                            TOP - 14,
                            BOTTOM,
                            x(point.step()) + 4,
                            TOP - 20,
                            HtmlReport.escaped(last)));
                }
            }
            return lines.toString();
        }

        private double x(long step) {
            return LEFT + share((double) step, minStep, maxStep) * (RIGHT - LEFT);
        }

        private double y(double value) {
            return BOTTOM - share(value, minValue, maxValue) * (BOTTOM - TOP);
        }

        private static double share(double value, double min, double max) {
            return max > min ? (value - min) / (max - min) : 0.5;
        }
    }
}
