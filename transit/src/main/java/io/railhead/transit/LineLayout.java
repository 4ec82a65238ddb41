package io.railhead.transit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a line's list of stations is to be read where it is not simply one station after another.
///
/// @param loop the last station is next to the first, whether or not the list repeats the first at its end
/// @param branches where the list leaves the trunk and goes on with a branch
/// @param joins neighbours that are not next to each other in the list
/// @param unlocated a station from which a branch is said to start, while nobody says where in the list the branch
///     begins: what lies behind that station may be trunk or branch
/// @param told whether somebody says that the list is to be read so: a name at two places is then two stations;
///     otherwise the second place may as well be where the list goes back to begin a branch
public record LineLayout(
        boolean loop,
        List<Branch> branches,
        List<Join> joins,
        @Nullable String unlocated,
        boolean told) {
    /// One station after another.
    public static final LineLayout PLAIN = new LineLayout(false, List.of(), null);

    /// A branch.
    ///
    /// @param from the station of the trunk where it starts
    /// @param first its first station of its own: in the list, what stands before it is not its neighbour
    public record Branch(String from, String first) {}

    /// Two neighbours.
    public record Join(String a, String b) {}

    public LineLayout {
        branches = List.copyOf(branches);
        joins = List.copyOf(joins);
    }

    public LineLayout(boolean loop, List<Branch> branches, @Nullable String unlocated) {
        this(loop, branches, List.of(), unlocated, false);
    }
}
