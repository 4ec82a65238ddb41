package io.railhead.transit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LineShapeTest {
    private static final List<String> FORKED = List.of("A", "B", "C", "D", "E", "x", "y");

    private static LineLayout branch(String from, String first) {
        return new LineLayout(false, List.of(new LineLayout.Branch(from, first)), null);
    }

    @Test
    void listedNeighboursAreNeighbours() {
        var line = new LineShape(FORKED, LineLayout.PLAIN);
        assertThat(line.stops("B", "E")).hasValue(3);
        assertThat(line.between("E", "B")).containsExactly("D", "C");
    }

    @Test
    void theFirstStationOfABranchIsNextToTheStationItStartsFrom() {
        var line = new LineShape(FORKED, branch("B", "x"));
        assertThat(line.stops("B", "x")).hasValue(1);
        assertThat(line.stops("E", "x")).hasValue(4);
        assertThat(line.between("E", "y")).containsExactly("D", "C", "B", "x");
        assertThat(line.stops("A", "y")).hasValue(3);
    }

    @Test
    void theShorterWayRoundALoopCounts() {
        var closed = new LineShape(List.of("A", "B", "C", "D", "E", "A"), LineLayout.PLAIN);
        var open = new LineShape(List.of("A", "B", "C", "D", "E"), new LineLayout(true, List.of(), null));
        for (LineShape loop : List.of(closed, open)) {
            assertThat(loop.calls()).isEqualTo(5);
            assertThat(loop.stops("A", "E")).hasValue(1);
            assertThat(loop.stops("B", "E")).hasValue(2);
            assertThat(loop.between("B", "E")).containsExactly("A");
            assertThat(loop.isCertain("A", "D")).isTrue();
        }
    }

    @Test
    void aNameThatComesTwiceIsTwoCallsAndNoShortCut() {
        var line = new LineShape(List.of("A", "X", "B", "C", "D", "X", "E"), LineLayout.PLAIN);
        assertThat(line.stops("A", "E")).hasValue(6);
        assertThat(line.stops("D", "X")).hasValue(1);
        assertThat(line.isCertain("A", "X")).isFalse();
    }

    @Test
    void nothingIsCertainAcrossANameThatComesAgainUnlessItIsTold() {
        List<String> stations = List.of("A", "X", "B", "C", "D", "X", "E", "F");
        var line = new LineShape(stations, LineLayout.PLAIN);
        assertThat(line.isCertain("A", "D")).isTrue();
        assertThat(line.isCertain("E", "F")).isTrue();
        assertThat(line.isCertain("D", "E")).isFalse();
        var told = new LineShape(stations, new LineLayout(false, List.of(), List.of(), null, true));
        assertThat(told.isCertain("D", "E")).isTrue();
        assertThat(told.isCertain("A", "X")).isFalse();
    }

    @Test
    void joinedStationsAreNeighboursBesideThoseOfTheList() {
        var joins = List.of(new LineLayout.Join("E", "B"));
        var line = new LineShape(FORKED, new LineLayout(false, List.of(), joins, null, false));
        assertThat(line.stops("E", "B")).hasValue(1);
        assertThat(line.between("A", "E")).containsExactly("B");
        assertThat(line.hasOneWay("B", "C")).isTrue();
        var nowhere = List.of(new LineLayout.Join("E", "Z"));
        assertThatThrownBy(() -> new LineShape(FORKED, new LineLayout(false, List.of(), nowhere, null, false)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no E beside Z");
    }

    @Test
    void nothingBehindAnUnlocatedBranchIsCertain() {
        var line = new LineShape(FORKED, new LineLayout(false, List.of(), "C"));
        assertThat(line.isCertain("A", "C")).isTrue();
        assertThat(line.isCertain("A", "D")).isFalse();
    }

    @Test
    void stationsThatAreNotOnTheLineHaveNoDistance() {
        var line = new LineShape(FORKED, LineLayout.PLAIN);
        assertThat(line.stops("A", "Z")).isEqualTo(OptionalInt.empty());
        assertThat(line.stops("A", "A")).isEqualTo(OptionalInt.empty());
        assertThat(line.between("A", "Z")).isEmpty();
        assertThat(line.isCertain("A", "Z")).isFalse();
    }

    @Test
    void refusesABranchThatTheListDoesNotHave() {
        assertThatThrownBy(() -> new LineShape(FORKED, branch("x", "B")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no branch from x that begins with B");
    }
}
