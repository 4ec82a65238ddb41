package io.railhead.transit.map;

import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Scanner;

/// A small font of pen strokes: capital letters, digits and a few signs. The platform's fonts are not used because
/// headless machines may have none, and because pictures must be the same on each machine.
///
/// A glyph is drawn in a box 4 units wide and 6 high, y down, with a pen about 1 unit thick. Its description is a list
/// of moves (M x y), lines (L x y) and quadratic curves (Q, control point, end).
final class StrokeFont {
    static final double WIDTH = 4;
    static final double HEIGHT = 6;

    private static final Map<Character, Path2D> GLYPHS = new HashMap<>();

    static {
        glyph('A', "M 0 6 L 2 0 L 4 6 M 0.75 4 L 3.25 4");
        glyph('B', "M 0 3 L 2.2 3 Q 3.7 3 3.7 1.5 Q 3.7 0 2.2 0 L 0 0 L 0 6 L 2.4 6 Q 4 6 4 4.5 Q 4 3 2.4 3");
        glyph('C', "M 4 1.3 Q 3.5 0 2.1 0 Q 0 0 0 3 Q 0 6 2.1 6 Q 3.5 6 4 4.7");
        glyph('D', "M 0 0 L 1.6 0 Q 4 0 4 3 Q 4 6 1.6 6 L 0 6 L 0 0");
        glyph('E', "M 4 0 L 0 0 L 0 6 L 4 6 M 0 3 L 3.2 3");
        glyph('F', "M 4 0 L 0 0 L 0 6 M 0 3 L 3.2 3");
        glyph('G', "M 4 1.2 Q 3.4 0 2.1 0 Q 0 0 0 3 Q 0 6 2.1 6 Q 4 6 4 3.3 L 2.4 3.3");
        glyph('H', "M 0 0 L 0 6 M 4 0 L 4 6 M 0 3 L 4 3");
        glyph('I', "M 0.7 0 L 3.3 0 M 2 0 L 2 6 M 0.7 6 L 3.3 6");
        glyph('J', "M 1.4 0 L 3.8 0 M 3.4 0 L 3.4 4.2 Q 3.4 6 1.7 6 Q 0 6 0 4.4");
        glyph('K', "M 0 0 L 0 6 M 4 0 L 0 3.5 M 1.3 2.5 L 4 6");
        glyph('L', "M 0.3 0 L 0.3 6 L 4 6");
        glyph('M', "M -0.3 6 L -0.3 0 L 2 3.8 L 4.3 0 L 4.3 6");
        glyph('N', "M 0 6 L 0 0 L 4 6 L 4 0");
        glyph('O', "M 2 0 Q 4.2 0 4.2 3 Q 4.2 6 2 6 Q -0.2 6 -0.2 3 Q -0.2 0 2 0");
        glyph('P', "M 0 6 L 0 0 L 2.3 0 Q 4 0 4 1.7 Q 4 3.4 2.3 3.4 L 0 3.4");
        glyph('Q', "M 2 0 Q 4.2 0 4.2 3 Q 4.2 6 2 6 Q -0.2 6 -0.2 3 Q -0.2 0 2 0 M 2.4 4.2 L 4.3 6.5");
        glyph('R', "M 0 6 L 0 0 L 2.3 0 Q 4 0 4 1.6 Q 4 3.2 2.3 3.2 L 0 3.2 M 2.2 3.2 L 4 6");
        glyph('S', "M 3.8 1.1 Q 3.3 0 2 0 Q 0.2 0 0.2 1.5 Q 0.2 2.8 2 3 Q 4 3.2 4 4.5 Q 4 6 2 6 Q 0.5 6 0 4.8");
        glyph('T', "M -0.1 0 L 4.1 0 M 2 0 L 2 6");
        glyph('U', "M 0 0 L 0 4 Q 0 6 2 6 Q 4 6 4 4 L 4 0");
        glyph('V', "M -0.1 0 L 2 6 L 4.1 0");
        glyph('W', "M -0.5 0 L 0.8 6 L 2 1.6 L 3.2 6 L 4.5 0");
        glyph('X', "M 0 0 L 4 6 M 4 0 L 0 6");
        glyph('Y', "M 0 0 L 2 3 L 4 0 M 2 3 L 2 6");
        glyph('Z', "M 0 0 L 4 0 L 0 6 L 4 6");
        glyph('0', "M 2 0 Q 3.8 0 3.8 3 Q 3.8 6 2 6 Q 0.2 6 0.2 3 Q 0.2 0 2 0 M 2.9 1.8 L 1.1 4.2");
        glyph('1', "M 0.7 1.4 L 2.2 0 L 2.2 6 M 0.7 6 L 3.7 6");
        glyph('2', "M 0.2 1.4 Q 0.5 0 2 0 Q 3.8 0 3.8 1.6 Q 3.8 2.7 2.6 3.7 L 0.1 6 L 4 6");
        glyph('3', "M 0.3 0.9 Q 0.9 0 2 0 Q 3.7 0 3.7 1.5 Q 3.7 2.9 1.6 2.9 Q 4 2.9 4 4.4 Q 4 6 2 6 Q 0.6 6 0 4.9");
        glyph('4', "M 3 6 L 3 0 L 0 4.2 L 4.2 4.2");
        glyph('5', "M 3.7 0 L 0.6 0 L 0.3 2.9 Q 1 2.3 2 2.3 Q 4 2.3 4 4.1 Q 4 6 2 6 Q 0.7 6 0 5");
        glyph(
                '6',
                "M 3.5 0.5 Q 2.9 0 2.2 0 Q 0.1 0 0.1 3.7 Q 0.1 6 2.1 6 Q 4 6 4 4.2 Q 4 2.6 2.2 2.6 Q 0.4 2.6 0.1 4.2");
        glyph('7', "M 0 0 L 4 0 L 1.6 6");
        glyph(
                '8',
                "M 2 2.8 Q 0.4 2.7 0.4 1.4 Q 0.4 0 2 0 Q 3.6 0 3.6 1.4 Q 3.6 2.7 2 2.8 Q 0 3 0 4.4 Q 0 6 2 6 "
                        + "Q 4 6 4 4.4 Q 4 3 2 2.8");
        glyph(
                '9',
                "M 0.5 5.5 Q 1.1 6 1.8 6 Q 3.9 6 3.9 2.3 Q 3.9 0 1.9 0 Q 0 0 0 1.8 Q 0 3.4 1.8 3.4 Q 3.6 3.4 3.9 1.8");
        glyph('-', "M 0.5 3.2 L 3.5 3.2");
        glyph('.', "M 2 5.8 L 2 6");
        glyph('/', "M 3.6 -0.2 L 0.4 6.2");
        glyph(':', "M 2 1.8 L 2 2 M 2 5 L 2 5.2");
    }

    private StrokeFont() {}

    /// The strokes of one character, centred on (x, y), `height` high.
    ///
    /// @throws IllegalArgumentException if the font has no such character
    static Path2D strokes(char character, double x, double y, double height) {
        Path2D glyph = GLYPHS.get(character);
        if (glyph == null) {
            throw new IllegalArgumentException("the font has no '" + character + "'");
        }
        double scale = height / HEIGHT;
        var transform = new AffineTransform(scale, 0, 0, scale, x - scale * WIDTH / 2, y - scale * HEIGHT / 2);
        return new Path2D.Double(glyph, transform);
    }

    /// The box that the character's strokes fill, without the pen's thickness, in font units.
    static Rectangle2D bounds(char character) {
        return strokes(character, 0, 0, HEIGHT).getBounds2D();
    }

    private static void glyph(char character, String description) {
        var path = new Path2D.Double();
        try (var scanner = new Scanner(description)) {
            scanner.useLocale(Locale.ROOT);
            while (scanner.hasNext()) {
                String command = scanner.next();
                switch (command) {
                    case "M" -> path.moveTo(scanner.nextDouble(), scanner.nextDouble());
                    case "L" -> path.lineTo(scanner.nextDouble(), scanner.nextDouble());
                    case "Q" ->
                        path.quadTo(
                                scanner.nextDouble(), scanner.nextDouble(), scanner.nextDouble(), scanner.nextDouble());
                    default -> throw new IllegalStateException("glyph " + character + ": " + command);
                }
            }
        }
        GLYPHS.put(character, path);
    }
}
