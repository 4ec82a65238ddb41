package io.railhead.reward;

import io.railhead.transit.StationNames;
import io.railhead.transit.answer.AnswerKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The published reading of responses, step after step on whole texts: what the parsers are compared with.
final class SlowAnswers {
    private static final int SHOWN = 40;

    private SlowAnswers() {}

    record Segment(String line, String departure, String arrival, boolean labelled, boolean complete) {}

    static boolean boxed(String response) {
        int box = response.lastIndexOf("oxed{");
        return box >= 0 && response.indexOf('}', box) > box + 5;
    }

    static String shortAnswer(String response) {
        String text = response;
        if (!text.contains("oxed{")) {
            for (String flag :
                    List.of("the final answer is", "the answer is", "the correct answer is", "the answer should be")) {
                text = afterFlag(text, flag);
                text = afterFlag(text, flag.replace("the", "The"));
            }
        } else if (text.indexOf("oxed{") != text.lastIndexOf("oxed{")) {
            text = text.substring(text.lastIndexOf("oxed{"));
        }
        text = text.toLowerCase(Locale.ROOT).replace("{}", "");
        if (text.contains("oxed{") && text.lastIndexOf('}') > text.indexOf("oxed{")) {
            text = text.substring(text.indexOf("oxed{") + 5, text.lastIndexOf('}'));
        }
        if (text.contains("}") && (!text.contains("{") || text.indexOf('}') < text.indexOf('{'))) {
            text = text.substring(0, text.indexOf('}'));
        }
        text = text.substring(text.lastIndexOf('=') + 1);
        if (text.contains("\\approx")) {
            text = text.substring(text.lastIndexOf("\\approx") + 7);
        }
        for (String noise : List.of(
                " ",
                "\\,",
                "\\text",
                "\\mbox",
                "\\left",
                "\\right",
                "^{\\circ}",
                "^\\circ",
                "{m}^3",
                "m^3",
                "{units}",
                "units",
                "{km}",
                "km",
                "\n")) {
            text = text.replace(noise, "");
        }
        text = text.replace("\\\\", "\\");
        for (String noise : List.of("\\!", "\\$", "$", "\\%")) {
            text = text.replace(noise, "");
        }
        if (text.startsWith(".")) {
            text = "0" + text;
        }
        while (text.endsWith(".")) {
            text = text.substring(0, text.length() - 1);
        }
        while (text.startsWith(":")) {
            text = text.substring(1);
        }
        return strip(text);
    }

    static boolean shortAnswerRight(AnswerKey key, String text) {
        return switch (key.type()) {
            case TORF1, TORF2 -> text.equals(key.answer() == 1 ? "yes" : "no");
            case COUNTING1 -> List.of("a", "b", "c", "d").indexOf(text) == key.answer();
            case COUNTING2, COUNTING3 -> isNumber(strip(text), key.answer());
            case PLANNING -> false;
        };
    }

    /// As [io.railhead.transit.answer.ShortAnswer] shows it.
    static String shown(String text) {
        boolean number = text.chars()
                .limit(SHOWN)
                .allMatch(c -> Character.isDigit(c)
                        || "_+-".indexOf(c) >= 0
                        || Character.isSurrogate((char) c)
                        || StationNames.isSpace((char) c));
        return text.length() <= SHOWN || number ? text : text.substring(0, SHOWN) + "...";
    }

    static List<Segment> segments(String response) {
        var segments = new ArrayList<Segment>();
        for (String section : response.split("--", -1)) {
            String lower = section.toLowerCase(Locale.ROOT);
            if (lower.contains("route name:") && lower.contains("departure stop:") && lower.contains("arrival stop:")) {
                int arrival = section.lastIndexOf("Arrival Stop:");
                Optional<String> line = field(section, "Route Name: ");
                Optional<String> departure = field(section, "Departure Stop: ");
                String end = StationNames.clean(arrival < 0 ? section : section.substring(arrival + 13));
                segments.add(new Segment(
                        strip(line.orElse("wrong")),
                        StationNames.clean(departure.orElse("wrong")),
                        end,
                        section.contains("Route Name:") && section.contains("Departure Stop:") && arrival >= 0,
                        line.isPresent() && departure.isPresent() && !end.isEmpty()));
            }
        }
        return segments;
    }

    private static Optional<String> field(String section, String label) {
        int start = section.indexOf(label);
        int end = start < 0 ? -1 : section.indexOf('\n', start + label.length());
        return end < 0 ? Optional.empty() : Optional.of(section.substring(start + label.length(), end));
    }

    private static String afterFlag(String text, String flag) {
        int at = text.lastIndexOf(flag);
        return at < 0
                ? strip(text)
                : strip(text.substring(at + flag.length())).split("\n", -1)[0].split("\\. ", -1)[0];
    }

    private static boolean isNumber(String text, int expected) {
        if (!text.matches("[+-]?\\p{Nd}+(_\\p{Nd}+)*")) {
            return false;
        }
        var digits = new StringBuilder(text.startsWith("-") ? "-" : "");
        text.codePoints().filter(c -> Character.digit(c, 10) >= 0).forEach(c -> digits.append(Character.digit(c, 10)));
        return digits.length() <= 4300 && new BigInteger(digits.toString()).equals(BigInteger.valueOf(expected));
    }

    private static String strip(String text) {
        String rest = text;
        while (!rest.isEmpty() && StationNames.isSpace(rest.charAt(0))) {
            rest = rest.substring(1);
        }
        while (!rest.isEmpty() && StationNames.isSpace(rest.charAt(rest.length() - 1))) {
            rest = rest.substring(0, rest.length() - 1);
        }
        return rest;
    }
}
