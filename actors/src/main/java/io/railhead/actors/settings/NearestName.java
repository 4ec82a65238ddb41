package io.railhead.actors.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Guesses what a mistyped name meant.
public final class NearestName {
    private NearestName() {}

    /// The known name at the smallest edit distance, if it is close enough to be a slip: at most a third of the longer
    /// name, and at least one edit. Ties go to the alphabetically first.
    public static Optional<String> of(String name, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(name, candidate) <= allowance(name, candidate))
                .min(Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int allowance(String a, String b) {
        return Math.max(1, Math.max(a.length(), b.length()) / 3);
    }

    /// Edit distance: insertions, deletions, replacements, and swaps of neighbours, one edit each.
    static int distance(String a, String b) {
        int[][] edits = new int[a.length() + 1][b.length() + 1]; // [prefix of a][prefix of b]
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : fewest(edits, a, b, i, j);
            }
        }
        return edits[a.length()][b.length()];
    }

    private static int fewest(int[][] edits, String a, String b, int i, int j) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int fewest = Math.min(edits[i - 1][j - 1] + (same ? 0 : 1), Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(fewest, edits[i - 2][j - 2] + 1) : fewest;
    }
}
