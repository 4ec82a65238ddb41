package io.railhead.transit.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which option a response chooses: the one letter that stands in it by itself, else the one option whose text is in
/// it.
final class Choice {
    static final String NONE = "";

    private static final Pattern NOT_WORDS = Pattern.compile("[^\\p{L}\\p{N}]+");
    private static final Pattern BOX = Pattern.compile("oxed\\{\\s*(?:\\\\text\\{)?\\s*\\(?([A-Z])\\b");

    private Choice() {}

    static String of(Map<String, String> options, String response) {
        var boxed = BOX.matcher(response);
        String last = NONE;
        while (boxed.find()) {
            last = boxed.group(1);
        }
        if (options.containsKey(last)) {
            return last;
        }
        List<String> words = NOT_WORDS
                .splitAsStream(response)
                .filter(word -> !word.isEmpty())
                .toList();
        Set<String> letters =
                words.stream().filter(options::containsKey).collect(Collectors.toCollection(TreeSet::new));
        // "A" is a word as well: in a longer response it is no choice beside another letter, nor alone at the beginning
        if (letters.size() == 2 && letters.contains("A") && words.size() > 3) {
            letters.remove("A");
        }
        if (letters.size() == 1 && !(letters.contains("A") && words.size() > 3 && isArticle(words))) {
            return letters.iterator().next();
        }
        String lower = response.toLowerCase(Locale.ROOT);
        List<String> named = options.entrySet().stream()
                .filter(option -> lower.contains(
                        option.getValue().toLowerCase(Locale.ROOT).strip()))
                .map(Map.Entry::getKey)
                .toList();
        return named.size() == 1 ? named.getFirst() : NONE;
    }

    /// Whether the only "A" is followed by a word in lower case, as an article is.
    private static boolean isArticle(List<String> words) {
        int at = words.indexOf("A");
        return at + 1 < words.size() && Character.isLowerCase(words.get(at + 1).charAt(0));
    }
}
