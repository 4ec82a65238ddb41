package io.railhead.app.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A share between 0 and 1 over the train steps, drawn with letters, and under it the stages it was measured in.
///
/// ```
/// 100 % |            ▂▅▇██
///       |   ▁▃▅▆▇  ▃█
///   0 % |▂▅█
///        judging counting
/// ```
public record TextCurve(List<Point> points) {
    private static final int COLUMNS = 60;
    private static final int ROWS = 6;
    private static final int EIGHTHS = 8;
    private static final String BLOCKS = " ▁▂▃▄▅▆▇█";

    /// The value after a train step of a stage.
    public record Point(String stage, double share) {}

    public TextCurve {
        points = List.copyOf(points);
    }

    /// Lines, each with its end; empty without points.
    public String text() {
        if (points.isEmpty()) {
            return "";
        }
        List<List<Point>> columns = columns();
        StringBuilder text = new StringBuilder();
        for (int row = ROWS - 1; row >= 0; row--) {
            text.append(
                    row == ROWS - 1 || row == 0
                            ? String.format(Locale.ROOT, "%4d %% |", row == 0 ? 0 : 100)
                            : "       |");
            for (List<Point> column : columns) {
                double share =
                        column.stream().mapToDouble(Point::share).average().orElseThrow();
                long eighths = Math.round(share * ROWS * EIGHTHS) - (long) row * EIGHTHS;
                text.append(BLOCKS.charAt(Math.clamp(eighths, 0, EIGHTHS)));
            }
            text.append('\n');
        }
        return text.append("        ")
                .append(stages(columns).stripTrailing())
                .append('\n')
                .toString();
    }

    /// The points in order, as evenly as they can be spread over at most [#COLUMNS] columns.
    private List<List<Point>> columns() {
        int count = Math.min(COLUMNS, points.size());
        List<List<Point>> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(points.subList(i * points.size() / count, (i + 1) * points.size() / count));
        }
        return columns;
    }

    /// The name of each stage where it begins, or right after the one before if that leaves no room.
    private static String stages(List<List<Point>> columns) {
        StringBuilder line = new StringBuilder();
        String last = "";
        for (int i = 0; i < columns.size(); i++) {
            String stage = columns.get(i).getFirst().stage();
            if (!stage.equals(last)) {
                line.append(" ".repeat(Math.max(0, i - line.length())))
                        .append(stage)
                        .append(' ');
                last = stage;
            }
        }
        return line.toString();
    }
}
