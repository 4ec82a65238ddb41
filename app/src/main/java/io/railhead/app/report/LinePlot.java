package io.railhead.app.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Several lines over one pair of axes, each with a name at its end. Both axes begin at 0.
public record LinePlot(String name, String xLabel, String yLabel, List<Line> lines) {
    private static final double WIDTH = 800;
    private static final double HEIGHT = 360;
    private static final double MARGIN = 56;
    private static final List<String> COLOURS =
            List.of("#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#57606a");

    public record Point(double x, double y, String label) {}

    public record Line(String name, List<Point> points) {
        public Line {
            points = List.copyOf(points);
        }
    }

    public LinePlot {
        lines = List.copyOf(lines);
    }

    String svg() {
        double maxX = most(lines.stream()
                .flatMap(l -> l.points().stream())
                .mapToDouble(Point::x)
                .max()
                .orElse(1));
        double maxY = most(lines.stream()
                .flatMap(l -> l.points().stream())
                .mapToDouble(Point::y)
                .max()
                .orElse(1));
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            body.append(line(lines.get(i), COLOURS.get(i % COLOURS.size()), maxX, maxY));
        }
        return String.format(
                Locale.ROOT,
                """
                <svg viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">
                <line x1="%4$.1f" y1="%5$.1f" x2="%6$.1f" y2="%5$.1f" stroke="#888"/>
                <line x1="%4$.1f" y1="%4$.1f" x2="%4$.1f" y2="%5$.1f" stroke="#888"/>
                <text x="%6$.1f" y="%7$.1f" text-anchor="end">%8$s</text><text x="4" y="%9$.1f">%10$s</text>
                <text x="%4$.1f" y="%7$.1f">0</text><text x="%6$.1f" y="%11$.1f" text-anchor="end">%12$s</text>
                <text x="4" y="%4$.1f">%13$s</text>
                %14$s</svg>""",
                WIDTH,
                HEIGHT,
                HtmlReport.escaped(name),
                MARGIN,
                HEIGHT - MARGIN,
                WIDTH - MARGIN,
                HEIGHT - MARGIN / 4,
                HtmlReport.escaped(xLabel),
                MARGIN / 2,
                HtmlReport.escaped(yLabel),
                HEIGHT - MARGIN * 0.6,
                number(maxX),
                number(maxY),
                body);
    }

    private static String line(Line line, String colour, double maxX, double maxY) {
        String points = line.points().stream()
                .map(p -> String.format(Locale.ROOT, "%.1f,%.1f", x(p, maxX), y(p, maxY)))
                .collect(Collectors.joining(" "));
        String marks = line.points().stream()
                .map(p -> String.format(
                        Locale.ROOT,
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/><text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                        x(p, maxX),
                        y(p, maxY),
                        colour,
                        x(p, maxX) + 5,
                        y(p, maxY) - 5,
                        HtmlReport.escaped(p.label())))
                .collect(Collectors.joining());
        Point last = line.points().getLast();
        return String.format(
                Locale.ROOT,
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n%s"
                        + "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                colour,
                points,
                marks,
                x(last, maxX),
                y(last, maxY) + 16,
                HtmlReport.escaped(line.name()));
    }

    private static double x(Point point, double max) {
        return MARGIN + point.x() / max * (WIDTH - 2 * MARGIN);
    }

    private static double y(Point point, double max) {
        return HEIGHT - MARGIN - point.y() / max * (HEIGHT - 2 * MARGIN);
    }

    private static double most(double max) {
        return max > 0 ? max : 1;
    }

    private static String number(double value) {
        return value >= 100 ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.2f", value);
    }
}
