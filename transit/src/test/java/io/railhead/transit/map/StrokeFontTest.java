package io.railhead.transit.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.geom.Rectangle2D;
import org.junit.jupiter.api.Test;

class StrokeFontTest {
    @Test
    void everyGlyphStaysInItsBox() {
        for (char c : "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./:".toCharArray()) {
            Rectangle2D bounds = StrokeFont.bounds(c); // around the centre; a pen's width may stick out
            assertThat(Math.max(-bounds.getMinX(), bounds.getMaxX()))
                    .as("glyph %c", c)
                    .isLessThanOrEqualTo(2.6);
            assertThat(Math.max(-bounds.getMinY(), bounds.getMaxY()))
                    .as("glyph %c", c)
                    .isLessThanOrEqualTo(3.6);
        }
    }

    @Test
    void refusesCharactersThatItLacks() {
        assertThatThrownBy(() -> StrokeFont.strokes('ß', 0, 0, 6)).hasMessage("the font has no 'ß'");
    }
}
