package io.railhead.transit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LineShapeProperties {
    private static final int FAR = 1000;

    /// A trunk, branches that each start somewhere before their first station, and perhaps a circle.
    @Property
    void distancesAreThoseOfTheShortestWay(
            @ForAll @IntRange(min = 2, max = 12) int trunk,
            @ForAll @Size(max = 2) List<@IntRange(max = 11) Integer> starts,
            @ForAll @IntRange(min = 1, max = 4) int branchLength,
            @ForAll boolean loop) {
        var stations = new ArrayList<String>();
        var branches = new ArrayList<LineLayout.Branch>();
        for (int i = 0; i < trunk; i++) {
            stations.add("s" + i);
        }
        for (int start : starts) {
            branches.add(new LineLayout.Branch("s" + start % trunk, "s" + stations.size()));
            for (int i = 0; i < branchLength; i++) {
                stations.add("s" + stations.size());
            }
        }
        var shape = new LineShape(stations, new LineLayout(loop, branches, null));
        int[][] slow = floydWarshall(stations, branches, loop);
        for (int a = 0; a < stations.size(); a++) {
            for (int b = 0; b < stations.size(); b++) {
                String from = stations.get(a);
                String to = stations.get(b);
                assertThat(shape.stops(from, to).orElse(0)).isEqualTo(slow[a][b]);
                if (a != b) {
                    assertThat(shape.between(from, to)).hasSize(slow[a][b] - 1).doesNotContain(from, to);
                }
            }
        }
    }

    private static int[][] floydWarshall(List<String> stations, List<LineLayout.Branch> branches, boolean loop) {
        int count = stations.size();
        int[][] far = new int[count][count];
        for (int[] row : far) {
            Arrays.fill(row, FAR);
        }
        for (int i = 0; i < count; i++) {
            far[i][i] = 0;
            if (i > 0) {
                int before = i - 1;
                for (LineLayout.Branch branch : branches) {
                    before = branch.first().equals(stations.get(i)) ? stations.indexOf(branch.from()) : before;
                }
                far[i][before] = far[before][i] = 1;
            }
        }
        if (loop && count > 2) {
            far[0][count - 1] = far[count - 1][0] = 1;
        }
        for (int k = 0; k < count; k++) {
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < count; j++) {
                    far[i][j] = Math.min(far[i][j], far[i][k] + far[k][j]);
                }
            }
        }
        return far;
    }
}
