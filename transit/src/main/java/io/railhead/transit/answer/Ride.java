package io.railhead.transit.answer;

import org.jspecify.annotations.Nullable;

/// One section of a route as a response has it, nothing cleaned.
///
/// @param line the line's name without white space around it; null if it was not given in the right form
/// @param departure null if it was not given in the right form
/// @param arrival what follows the last label for it; the whole section if the label is there in another case only
/// @param labelled whether all three labels are there in their exact case
public record Ride(@Nullable String line, @Nullable String departure, String arrival, boolean labelled) {
    /// What the published code puts in the place of a line or departure that was not given.
    public static final String MISSING = "wrong";

    /// The line's name, or what stands in its place.
    public String lineSaid() {
        return line == null ? MISSING : line;
    }

    /// The departure, or what stands in its place.
    public String departureSaid() {
        return departure == null ? MISSING : departure;
    }

    /// Names are compared as they are, but for two lines of Beijing that its station file holds as parts of others.
    public String lineMeant() {
        String said = lineSaid();
        if (said.contains("八通")) {
            return "Line 1";
        }
        return said.contains("大兴") ? "Line 4" : said;
    }
}
