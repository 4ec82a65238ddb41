package io.railhead.transit;

/// One thing about a station file that was mended or had to be decided.
///
/// @param line the line whose list it is in
/// @param entry the entry as written
/// @param detail what was made of it, for people
public record Repair(Kind kind, String line, String entry, String detail) {
    public enum Kind {
        /// White space at the ends, doubled or of another kind; a mark that hangs on the name without a space.
        SPACING,
        /// "Union Station Station", "站站".
        DOUBLED_SUFFIX,
        /// A name without "Station" or "站" in a file whose names have it, or with a misspelt one.
        MISSING_SUFFIX,
        /// One station, spelt differently on two lines.
        SPELLING,
        /// The same station twice in a row.
        REPEATED,
        /// A station that is in one list at two places: two calls, and no question about distances from it.
        /// If nobody says that they are two stations, nothing is asked across the second either: a branch may
        /// begin there.
        TWICE_ON_LINE,
        /// The last station is next to the first.
        LOOP,
        /// A branch, and where in the list it begins; or neighbours that the list does not show.
        BRANCH,
        /// Two neighbours in the list may be none: another line comes to the second from a station further
        /// back. That is how an unmarked branch looks, and how a line looks that stops where the other does
        /// not; it is read as listed.
        POSSIBLE_BRANCH,
        /// A branch is marked, but nothing tells where in the list it begins: no question about what lies behind.
        UNKNOWN_BRANCH
    }

    /// One line of a report.
    public String text() {
        return line + ": " + detail;
    }
}
