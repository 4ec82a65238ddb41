package io.railhead.transit.map;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Draws a map: lines in the colours of their numbers, stations as roundels with their letter inside, a thick
/// black ring where lines meet, and the legend in the bottom row, one cell a line.
///
/// Drawn twice as large with smoothed edges and averaged down, so shapes keep their form at few pixels a cell.
/// Immutable; any thread.
public final class MapPainter {
    /// The colours of lines 1 to 8.
    public static final List<Color> PALETTE = List.of(
            new Color(220, 40, 40), // red
            new Color(30, 100, 220), // blue
            new Color(40, 160, 60), // green
            new Color(245, 165, 20), // orange
            new Color(150, 60, 180), // purple
            new Color(30, 195, 205), // cyan
            new Color(115, 75, 40), // brown
            new Color(245, 115, 185)); // pink

    public static final int DEFAULT_SIZE = 224; // pixels: 28 a cell

    private static final int OVERSAMPLING = 2;
    // In cells:
    private static final double LINE_WIDTH = 0.34;
    private static final double ROUNDEL_RADIUS = 0.39;
    private static final double RING_WIDTH = 0.05;
    private static final double TRANSFER_RING_WIDTH = 0.10;
    private static final double LETTER_HEIGHT = 0.39;
    private static final double DIGIT_HEIGHT = 0.44;
    private static final double PEN_WIDTH = 0.075;

    private final int size;
    private final double cell; // pixels of the enlarged drawing

    public MapPainter() {
        this(DEFAULT_SIZE);
    }

    /// @param size the picture's width and height in pixels, at least 8 a cell
    public MapPainter(int size) {
        if (size < 8 * GeneratedMap.GRID || size > 4096) {
            throw new IllegalArgumentException("a picture of " + size + " pixels");
        }
        this.size = size;
        this.cell = (double) size * OVERSAMPLING / GeneratedMap.GRID;
    }

    public BufferedImage paint(GeneratedMap map) {
        var large = new BufferedImage(size * OVERSAMPLING, size * OVERSAMPLING, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = large.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, large.getWidth(), large.getHeight());
            map.network().lines().forEach((line, stations) -> drawLine(graphics, map, line, stations));
            map.cells()
                    .forEach((station, at) -> drawStation(
                            graphics, station, at, map.lineNumbersAt(at).size() > 1));
            drawLegend(graphics, map.legend());
        } finally {
            graphics.dispose();
        }
        return averagedDown(large);
    }

    public byte[] png(GeneratedMap map) {
        var bytes = new ByteArrayOutputStream(16 * 1024);
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(paint(map), "png", out)) {
                throw new IllegalStateException("this Java has no PNG writer");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private void drawLine(Graphics2D graphics, GeneratedMap map, String line, List<String> stations) {
        var path = new Path2D.Double();
        for (String station : stations) {
            GridCell at = map.cellOf(station);
            if (path.getCurrentPoint() == null) {
                path.moveTo(centre(at.column()), centre(at.row()));
            } else {
                path.lineTo(centre(at.column()), centre(at.row()));
            }
        }
        graphics.setColor(PALETTE.get(GeneratedMap.lineNumber(line) - 1));
        graphics.setStroke(pen(LINE_WIDTH));
        graphics.draw(path);
    }

    private void drawStation(Graphics2D graphics, String station, GridCell at, boolean transfer) {
        double ring = (transfer ? TRANSFER_RING_WIDTH : RING_WIDTH) * cell;
        double radius = ROUNDEL_RADIUS * cell;
        double x = centre(at.column());
        double y = centre(at.row());
        graphics.setColor(transfer ? Color.BLACK : new Color(90, 90, 90));
        graphics.fill(circle(x, y, radius));
        graphics.setColor(Color.WHITE);
        graphics.fill(circle(x, y, radius - ring));
        drawGlyph(graphics, station.charAt(0), x, y, LETTER_HEIGHT);
    }

    private void drawLegend(Graphics2D graphics, List<Integer> numbers) {
        double y = centre(GeneratedMap.LEGEND_ROW);
        for (int i = 0; i < numbers.size(); i++) {
            graphics.setColor(PALETTE.get(numbers.get(i) - 1));
            graphics.fill(new Rectangle2D.Double((i + 0.1) * cell, y - 0.25 * cell, 0.36 * cell, 0.5 * cell));
            drawGlyph(graphics, (char) ('0' + numbers.get(i)), (i + 0.72) * cell, y, DIGIT_HEIGHT);
        }
    }

    private void drawGlyph(Graphics2D graphics, char character, double x, double y, double height) {
        graphics.setColor(Color.BLACK);
        graphics.setStroke(pen(PEN_WIDTH));
        graphics.draw(StrokeFont.strokes(character, x, y, height * cell));
    }

    private BasicStroke pen(double width) {
        return new BasicStroke((float) (width * cell), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
    }

    private static Ellipse2D circle(double x, double y, double radius) {
        return new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    }

    private double centre(int index) {
        return (index + 0.5) * cell;
    }

    /// Each pixel is the mean of the square of pixels that it stands for. Works on the images' own arrays: going
    /// through `getRGB` takes longer than all the drawing.
    private BufferedImage averagedDown(BufferedImage large) {
        var small = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        int[] from = pixels(large);
        int[] to = pixels(small);
        int width = large.getWidth();
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                int red = 0;
                int green = 0;
                int blue = 0;
                for (int dy = 0; dy < OVERSAMPLING; dy++) {
                    int row = (y * OVERSAMPLING + dy) * width + x * OVERSAMPLING;
                    for (int dx = 0; dx < OVERSAMPLING; dx++) {
                        int rgb = from[row + dx];
                        red += rgb >> 16 & 0xff;
                        green += rgb >> 8 & 0xff;
                        blue += rgb & 0xff;
                    }
                }
                to[y * size + x] = (mean(red) << 16) | (mean(green) << 8) | mean(blue);
            }
        }
        return small;
    }

    private static int mean(int sum) {
        int count = OVERSAMPLING * OVERSAMPLING;
        return (sum + count / 2) / count;
    }

    private static int[] pixels(BufferedImage image) {
        return ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    }
}
