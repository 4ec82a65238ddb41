package io.railhead.transit;

import io.railhead.transit.Repair.Kind;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Makes the names of one station file uniform: one spelling a station, one space between words, one suffix.
///
/// Two spellings are one station if they differ in spacing, punctuation or capitals only, and if no line has both: a
/// line that lists both means two stations.
final class TidyNames {
    private static final String ENGLISH = " Station";
    private static final String CHINESE = "站";
    private static final double USUAL =
            0.8; // share of the names with a suffix from which a name without is an omission
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");

    private final String suffix; // what names of this file end in, or empty
    private final Map<String, String> spelling = new HashMap<>(); // mended name -> the spelling that all lines get

    TidyNames(SequencedMap<String, List<String>> entries) {
        Set<String> keys = entries.values().stream()
                .flatMap(List::stream)
                .map(entry -> key(spaced(entry)))
                .collect(Collectors.toSet());
        suffix = isUsual(keys, CHINESE) ? CHINESE : isUsual(keys, key(ENGLISH)) ? ENGLISH : "";
        var counts = new LinkedHashMap<String, SequencedMap<String, Integer>>(); // key -> spelling -> how often
        var sharing = new HashSet<String>(); // keys of which one line has two spellings
        entries.values().forEach(line -> {
            Map<String, String> ofLine = new HashMap<>();
            for (String entry : line) {
                String name = suffixed(spaced(entry));
                String before = ofLine.put(key(name), name);
                if (before != null && !before.equals(name)) {
                    sharing.add(key(name));
                }
                counts.computeIfAbsent(key(name), _ -> new LinkedHashMap<>()).merge(name, 1, Integer::sum);
            }
        });
        counts.forEach((key, spellings) -> {
            if (!sharing.contains(key)) {
                String most = mostFrequent(spellings);
                spellings.keySet().forEach(name -> spelling.put(name, most));
            }
        });
    }

    /// The name to use for an entry; what was done to it beyond taking off its marks is added to `repairs`.
    String tidy(String line, String entry, List<Repair> repairs) {
        String spaced = spaced(entry);
        if (!isTidilySpaced(entry, spaced)) {
            repairs.add(new Repair(Kind.SPACING, line, entry, "'%s' read as '%s'".formatted(entry, spaced)));
        }
        String name = suffixed(spaced);
        if (!name.equals(spaced)) {
            Kind kind = name.length() < spaced.length() && spaced.startsWith(name)
                    ? Kind.DOUBLED_SUFFIX
                    : Kind.MISSING_SUFFIX;
            repairs.add(new Repair(kind, line, entry, "'%s' read as '%s'".formatted(spaced, name)));
        }
        String chosen = spelling.getOrDefault(name, name);
        if (!chosen.equals(name)) {
            repairs.add(new Repair(Kind.SPELLING, line, entry, "'%s' is '%s'".formatted(name, chosen)));
        }
        return chosen;
    }

    private static String spaced(String entry) {
        return SPACES.matcher(StationNames.withoutMarks(entry)).replaceAll(" ").strip();
    }

    /// An entry is tidy if it is its name, with marks of the usual spacing after it.
    private static boolean isTidilySpaced(String entry, String name) {
        return entry.startsWith(name) && StationNames.isMarks(entry.substring(name.length()));
    }

    private String suffixed(String name) {
        String mended = name;
        if (suffix.equals(ENGLISH)) {
            int lastSpace = mended.lastIndexOf(' ');
            String last = mended.substring(lastSpace + 1);
            if (lastSpace > 0 && !last.equals("Station") && isNearly(last, "Station")) {
                mended = mended.substring(0, lastSpace) + ENGLISH; // "Staton", "Stations"
            }
        }
        while (!suffix.isEmpty() && mended.endsWith(suffix.strip() + suffix)) {
            mended = mended.substring(0, mended.length() - suffix.length());
        }
        boolean named = suffix.equals(ENGLISH)
                ? mended.contains("Station") // "Cathedral Pkwy Station (110 St)"
                : mended.endsWith(suffix);
        return named || mended.endsWith(")") || mended.endsWith("）") ? mended : mended + suffix;
    }

    /// What all spellings of a station have in common: its letters and digits.
    private static String key(String name) {
        var kept = new StringBuilder();
        Normalizer.normalize(name, Normalizer.Form.NFKC)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .map(Character::toLowerCase)
                .forEach(kept::appendCodePoint);
        return kept.isEmpty() ? name : kept.toString();
    }

    private static boolean isUsual(Set<String> names, String suffix) {
        return names.stream().filter(name -> name.endsWith(suffix)).count() >= USUAL * names.size();
    }

    /// Whether one letter more, less or other makes the word the wanted one.
    private static boolean isNearly(String word, String wanted) {
        int same = 0;
        int shorter = Math.min(word.length(), wanted.length());
        while (same < shorter && word.charAt(same) == wanted.charAt(same)) {
            same++;
        }
        String restOfWord = word.substring(same);
        String restOfWanted = wanted.substring(same);
        return switch (word.length() - wanted.length()) {
            case 0 -> restOfWord.substring(1).equals(restOfWanted.substring(1));
            case 1 -> restOfWord.substring(1).equals(restOfWanted);
            case -1 -> restOfWord.equals(restOfWanted.substring(1));
            default -> false;
        };
    }

    private static String mostFrequent(SequencedMap<String, Integer> spellings) {
        String most = spellings.firstEntry().getKey();
        for (var spelling : spellings.entrySet()) {
            if (spelling.getValue() > spellings.getOrDefault(most, 0)) {
                most = spelling.getKey();
            }
        }
        return most;
    }
}
