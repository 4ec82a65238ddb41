package io.railhead.transit.benchmark;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which option a response chooses by VLMEvalKit's rules without a judging model:
///
/// 1. if exactly one letter stands by itself and is among the last four words, that one;
/// 2. else the letter that follows the first "answer is", whatever follows it: "the answer is a tram" chooses A;
/// 3. else the one option whose text is in the response, unless that is more than twice as long as all options.
final class PublishedChoice {
    private static final int LAST_WORDS = 4;
    private static final Pattern SEPARATORS =
            Pattern.compile("[\\s.()\\[\\],:;!*#{}]+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern STATED =
            Pattern.compile("answer\\s+is\\s+\\**([ABCD])", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CHARACTER_CLASS);

    /// The letter of "none of these".
    private static final String NO_OPTION = "Z";

    private PublishedChoice() {}

    static String of(Map<String, String> options, String response) {
        List<String> words = SEPARATORS
                .splitAsStream(response)
                .filter(word -> !word.isEmpty())
                .toList();
        Set<String> letters = new LinkedHashSet<>(words);
        letters.retainAll(options.keySet());
        if (letters.size() == 1 && words.indexOf(letters.iterator().next()) >= words.size() - LAST_WORDS) {
            return letters.iterator().next();
        }
        if (letters.isEmpty() && words.contains(NO_OPTION)) {
            return Choice.NONE;
        }
        Matcher stated = STATED.matcher(response);
        if (stated.find() && options.containsKey(stated.group(1).toUpperCase(Locale.ROOT))) {
            return stated.group(1).toUpperCase(Locale.ROOT);
        }
        return named(options, response);
    }

    private static String named(Map<String, String> options, String response) {
        int longest =
                2 * options.values().stream().mapToInt(PublishedChoice::length).sum();
        if (length(response) > longest) {
            return Choice.NONE;
        }
        String lower = response.toLowerCase(Locale.ROOT);
        List<String> named = options.entrySet().stream()
                .filter(option -> lower.contains(option.getValue().toLowerCase(Locale.ROOT)))
                .map(Map.Entry::getKey)
                .toList();
        return named.size() == 1 ? named.getFirst() : Choice.NONE;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
