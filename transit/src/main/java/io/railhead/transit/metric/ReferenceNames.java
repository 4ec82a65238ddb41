package io.railhead.transit.metric;

import io.railhead.transit.PlanningForm;
import io.railhead.transit.RouteSegment;
import io.railhead.transit.answer.AnswerKey;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What the lines and stops of a reference route are called in the network, and what an answer may call them.
///
/// The routes of the published data are a map provider's: "地铁5号线(后关--虎滩新区)" is the network's "Line 5".
final class ReferenceNames {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final Pattern BRACKETS = Pattern.compile("\\(.*?\\)");
    private static final Pattern COMMAS = Pattern.compile("[,，、]");

    /// How providers write a line outside China, in the order in which the published code tries.
    private static final List<Pattern> STYLES = List.of(
            Pattern.compile("Metro\\s+([A-Z0-9]{1,2})[-\\s]?Line", Pattern.CASE_INSENSITIVE),
            Pattern.compile("Metro\\s+([A-Z0-9]{1,2})", Pattern.CASE_INSENSITIVE),
            Pattern.compile("Linea\\s+([A-Z0-9]{1,2})", Pattern.CASE_INSENSITIVE),
            Pattern.compile("([A-Z0-9]{1,2})", Pattern.CASE_INSENSITIVE));

    private final AnswerKey key;
    private final EvaluationMode mode;
    private final boolean chinese;
    private final Map<String, Set<String>> stations = new HashMap<>();

    ReferenceNames(AnswerKey key, EvaluationMode mode) {
        this.key = key;
        this.mode = mode;
        this.chinese = String.valueOf(key.station1()) // the data tell the country; its names tell as much
                .codePoints()
                .anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN);
    }

    /// Whether the network has this line, and both stops on it.
    boolean serves(String line, String departure, String arrival) {
        String meant = line.contains("八通") ? "Line 1" : line.contains("大兴") ? "Line 4" : line;
        List<String> names = key.lines().get(meant);
        if (names == null) {
            return false;
        }
        Set<String> keys = stations.computeIfAbsent(
                meant,
                _ -> names.stream().map(name -> EvaluationNames.key(name, mode)).collect(Collectors.toSet()));
        return keys.contains(EvaluationNames.key(departure, mode)) && keys.contains(EvaluationNames.key(arrival, mode));
    }

    boolean sameLine(String stated, String reference) {
        String wanted = mode == EvaluationMode.REFERENCE && !chinese ? rewritten(stated) : line(reference);
        return EvaluationNames.key(stated, mode).equals(EvaluationNames.key(wanted, mode));
    }

    /// The name with its suffix.
    String departure(RouteSegment segment) {
        return suffixed(segment.departure());
    }

    String arrival(RouteSegment segment, PlanningForm form) {
        boolean mistaken = mode == EvaluationMode.REFERENCE && (form == PlanningForm.SHORT || !chinese);
        if (!mistaken) {
            return suffixed(segment.arrival());
        }
        return segment.departure().endsWith(suffix()) ? segment.departure() : segment.arrival() + ending();
    }

    /// The stops that the reference passes on this ride, as they are compared.
    List<String> via(RouteSegment segment) {
        if (mode == EvaluationMode.REFERENCE) {
            return chinese ? segment.via().stream().map(this::suffixed).toList() : List.of();
        }
        return segment.via().stream()
                .map(name -> EvaluationNames.key(name, mode))
                .toList();
    }

    /// The stops that an answer lists, as they are compared.
    List<String> stated(String via) {
        if (mode == EvaluationMode.REFERENCE) {
            List<String> split = new ArrayList<>();
            int from = 0;
            for (int comma = via.indexOf(','); comma >= 0; comma = via.indexOf(',', from)) {
                split.add(via.substring(from, comma));
                from = comma + 1;
            }
            split.add(via.substring(from));
            return via.contains("站") ? split : List.of();
        }
        return COMMAS.splitAsStream(via)
                .map(name -> EvaluationNames.key(name, mode))
                .filter(name -> !name.isEmpty())
                .distinct() // a stop named again is not another stop
                .toList();
    }

    /// The network's name for a reference's line.
    private String line(String reference) {
        if (mode == EvaluationMode.RAILHEAD && key.lines().containsKey(reference)) {
            return reference;
        }
        Matcher number = NUMBER.matcher(reference);
        if (chinese) {
            return number.find()
                    ? "Line " + new BigInteger(number.group())
                    : BRACKETS.matcher(reference).replaceAll("").replace("地铁", "");
        }
        for (Pattern style : STYLES) {
            Matcher matcher = style.matcher(reference);
            if (matcher.find() && key.lines().containsKey("Line " + matcher.group(1))) {
                return "Line " + matcher.group(1);
            }
        }
        return reference;
    }

    /// What the published code makes of the line that the answer states, where it means the reference's.
    private static String rewritten(String stated) {
        for (Pattern style : STYLES) {
            Matcher matcher = style.matcher(stated);
            if (matcher.find()) {
                return "Line " + matcher.group(1);
            }
        }
        return stated;
    }

    private String suffixed(String name) {
        return name.endsWith(suffix()) ? name : name + ending();
    }

    private String suffix() {
        return chinese ? "站" : "Station";
    }

    private String ending() {
        return chinese ? "站" : " Station";
    }
}
