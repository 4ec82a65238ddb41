package io.railhead.transit.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.Difficulty;
import io.railhead.transit.TransitNetwork;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class MapPainterTest {
    private static final int CELL = MapPainter.DEFAULT_SIZE / GeneratedMap.GRID;
    private static final int WHITE = 0xFFFFFFFF;
    private static final int BLACK = 0xFF000000;

    private final MapPainter painter = new MapPainter();

    private static int centre(int index) {
        return index * CELL + CELL / 2;
    }

    private static GeneratedMap map(int seed) {
        return MapGenerator.generate(seed, seed % 2 == 0 ? Difficulty.HARD : Difficulty.EASY);
    }

    @Test
    void lineColourShowsHalfWayBetweenNeighbours() {
        for (int seed = 0; seed < 30; seed++) {
            GeneratedMap map = map(seed);
            BufferedImage picture = painter.paint(map);
            map.network().lines().forEach((line, stations) -> {
                for (int i = 1; i < stations.size(); i++) {
                    GridCell a = map.cellOf(stations.get(i - 1));
                    GridCell b = map.cellOf(stations.get(i));
                    int x = (centre(a.column()) + centre(b.column())) / 2;
                    int y = (centre(a.row()) + centre(b.row())) / 2;
                    assertThat(picture.getRGB(x, y))
                            .isEqualTo(MapPainter.PALETTE
                                    .get(GeneratedMap.lineNumber(line) - 1)
                                    .getRGB());
                }
            });
        }
    }

    @Test
    void nothingTouchesTheFrameOfThePicture() {
        for (int seed = 0; seed < 30; seed++) {
            BufferedImage picture = painter.paint(map(seed));
            int last = MapPainter.DEFAULT_SIZE - 1;
            for (int i = 0; i <= last; i++) {
                assertThat(List.of(
                                picture.getRGB(i, 0),
                                picture.getRGB(i, last),
                                picture.getRGB(0, i),
                                picture.getRGB(last, i)))
                        .containsOnly(WHITE);
            }
        }
    }

    @Test
    void transferStationsHaveAThickBlackRing() {
        for (int seed = 0; seed < 30; seed++) {
            GeneratedMap map = map(seed);
            BufferedImage picture = painter.paint(map);
            map.cells().forEach((station, cell) -> {
                boolean transfer = map.lineNumbersAt(cell).size() > 1;
                int x = centre(cell.column());
                int ring = centre(cell.row()) + (int) Math.round(0.33 * CELL); // inside the thick ring only
                assertThat(picture.getRGB(x, ring) == BLACK).isEqualTo(transfer);
            });
        }
    }

    @Test
    void legendShowsTheColourOfEachLineInItsOwnCell() {
        for (int seed = 0; seed < 30; seed++) {
            GeneratedMap map = map(seed);
            BufferedImage picture = painter.paint(map);
            for (int i = 0; i < map.legend().size(); i++) {
                int colour = picture.getRGB(i * CELL + CELL / 4, centre(GeneratedMap.LEGEND_ROW));
                assertThat(colour)
                        .isEqualTo(
                                MapPainter.PALETTE.get(map.legend().get(i) - 1).getRGB());
            }
        }
    }

    @Test
    void pngIsThePaintedPicture() throws IOException {
        GeneratedMap map = map(2);
        BufferedImage painted = painter.paint(map);
        BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(painter.png(map)));
        assertThat(pixels(decoded)).isEqualTo(pixels(painted)).isEqualTo(pixels(painter.paint(map)));
    }

    /// Pictures of a single station, one for each letter, differ in ten pixels or more.
    @Test
    void noTwoLettersLookAlike() {
        var pictures = new ArrayList<int[]>();
        for (char letter = 'A'; letter <= 'Z'; letter++) {
            pictures.add(pixels(painter.paint(oneLine(letter))));
        }
        for (int i = 0; i < pictures.size(); i++) {
            for (int j = 0; j < i; j++) {
                int different = 0;
                for (int k = 0; k < pictures.get(i).length; k++) {
                    int contrast = Math.abs((pictures.get(i)[k] & 0xff) - (pictures.get(j)[k] & 0xff));
                    different += contrast > 100 ? 1 : 0;
                }
                assertThat(different).as("%c and %c", 'A' + i, 'A' + j).isGreaterThan(9);
            }
        }
    }

    @Test
    void drawsAtOtherSizesAndRefusesImpossibleOnes() {
        assertThat(new MapPainter(448).paint(map(1)).getWidth()).isEqualTo(448);
        assertThatThrownBy(() -> new MapPainter(10)).hasMessage("a picture of 10 pixels");
    }

    private static GeneratedMap oneLine(char letter) {
        var cells = new LinkedHashMap<String, GridCell>();
        cells.put(String.valueOf(letter), new GridCell(1, 1));
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put("Line 1", List.of(String.valueOf(letter)));
        return new GeneratedMap(new TransitNetwork("letter", lines), Difficulty.EASY, cells);
    }

    private static int[] pixels(BufferedImage picture) {
        return picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    }
}
