package io.railhead.transit;

import java.util.List;
import java.util.Locale;

/// How station names are compared: by what is left of them after [#clean].
///
/// The rules are those that the published training code applies to both sides, oddities included ("Univ." becomes
/// "universityersity" on both sides, which is harmless). All of it takes linear time in the length of the name.
public final class StationNames {
    private static final List<String> SUFFIXES =
            List.of("(Transfer Station)", "(Branch-starting Station)", "（换乘站）", "（支线起始站）");

    private StationNames() {}

    /// The name without the marks that station files hang on it, " (Transfer Station)" and the like. A mark counts with
    /// or without white space before it.
    public static String withoutMarks(String entry) {
        String name = entry;
        for (String suffix : SUFFIXES) {
            name = name.replace(suffix, "");
        }
        return name.strip();
    }

    /// The name as the published scorer is given it: without those marks in the spelling that it knows, and with all
    /// else, white space at the ends included.
    public static String asPublished(String entry) {
        return entry.replace(" (Transfer Station)", "")
                .replace(" (Branch-starting Station)", "")
                .replace("（换乘站）", "")
                .replace("（支线起始站）", "");
    }

    /// Whether a station file marks this entry as a transfer station.
    public static boolean isMarkedTransfer(String entry) {
        return entry.contains(SUFFIXES.get(0)) || entry.contains(SUFFIXES.get(2));
    }

    /// Whether a station file marks this entry as the start of a branch.
    static boolean isMarkedBranch(String entry) {
        return entry.contains(SUFFIXES.get(1)) || entry.contains(SUFFIXES.get(3));
    }

    /// Whether this is what tidy files hang on a name: nothing, or marks, each English one after one space.
    static boolean isMarks(String text) {
        String rest = text;
        for (String suffix : SUFFIXES) {
            rest = rest.replace(suffix.startsWith("(") ? " " + suffix : suffix, "");
        }
        return rest.isEmpty();
    }

    public static String clean(String name) {
        String text = name;
        for (String noise : List.of("Metro", "metro", ",", "*", "\n", "'")) {
            text = text.replace(noise, "");
        }
        text = text.replace("Univ.", "University")
                .replace("Univ", "University")
                .replace("Tech.", "Technology")
                .replace("Tech", "Technology")
                .replace("road", "lu")
                .replace("Road", "lu")
                .replace("Station", "")
                .replace("station", "")
                .replace("Asian Games Village", "yayuncun");
        if (text.endsWith("站")) {
            text = text.substring(0, text.length() - 1);
        }
        text = withoutBracketed(withoutBracketed(text, '(', ')'), '（', '）');
        var kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '-' && !isSpace(c)) {
                kept.append(c);
            }
        }
        return kept.toString().toLowerCase(Locale.ROOT);
    }

    /// What a name of the network is compared by. The training code cleans the policy's stops twice and the network's
    /// once, which makes two names of its thirty cities (those with a doubled 站) unanswerable; here both sides are
    /// cleaned twice, which changes nothing else.
    public static String key(String name) {
        return clean(clean(name));
    }

    /// Deletes each opening bracket with what follows up to the nearest closing one; an unclosed bracket stays.
    private static String withoutBracketed(String text, char open, char close) {
        var kept = new StringBuilder(text.length());
        int from = 0;
        while (true) {
            int start = text.indexOf(open, from);
            int end = start < 0 ? -1 : text.indexOf(close, start);
            if (end < 0) {
                return kept.append(text, from, text.length()).toString();
            }
            kept.append(text, from, start);
            from = end + 1;
        }
    }

    /// White space in the sense of the published code: no-break spaces and the next-line character as well.
    public static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
