package io.railhead.transit.metric;

import io.railhead.transit.PlanningForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One ride as a response states it; the texts are as they stand there.
///
/// @param via what follows the label of the long forms; empty in the short form
record StatedRide(String line, String departure, String arrival, String via) {
    private static final String WRONG = "Wrong"; // what the published code takes for a field that it cannot read

    /// The rides of a response, by the published rules: sections between `--`, each with all three labels.
    static List<StatedRide> of(String response, PlanningForm form, EvaluationMode mode) {
        var rides = new ArrayList<StatedRide>();
        int from = 0;
        while (from <= response.length()) {
            int separator = response.indexOf("--", from);
            int end = separator < 0 ? response.length() : separator;
            ride(response.substring(from, end), form, mode).ifPresent(rides::add);
            from = separator < 0 ? response.length() + 1 : separator + 2;
        }
        return rides;
    }

    private static Optional<StatedRide> ride(String section, PlanningForm form, EvaluationMode mode) {
        if (!section.contains("Route Name:")
                || !section.contains("Departure Stop:")
                || !section.contains("Arrival Stop:")) {
            return Optional.empty();
        }
        String closed = mode == EvaluationMode.REFERENCE ? section : section + "\n"; // the last line may be the last
        String arrival = form == PlanningForm.SHORT
                ? after(section, "Arrival Stop:").orElse(section)
                : field(closed, "Arrival Stop: ").orElse(WRONG);
        String via = switch (form) {
            case SHORT -> "";
            case VIA_COUNT -> via(section, PlanningForm.COUNT_LABEL, mode);
            case VIA_STOPS -> via(section, PlanningForm.STOPS_LABEL, mode);
        };
        return Optional.of(new StatedRide(
                field(closed, "Route Name: ").map(String::strip).orElse(WRONG),
                field(closed, "Departure Stop: ").orElse(WRONG),
                arrival,
                via));
    }

    /// The published code takes the whole section where the label is missing, and its space is part of the label.
    private static String via(String section, String label, EvaluationMode mode) {
        Optional<String> labelled = after(section, mode == EvaluationMode.REFERENCE ? label + " " : label);
        return labelled.orElse(mode == EvaluationMode.REFERENCE ? section : "").strip();
    }

    private static Optional<String> after(String section, String label) {
        int at = section.lastIndexOf(label);
        return at < 0 ? Optional.empty() : Optional.of(section.substring(at + label.length()));
    }

    private static Optional<String> field(String section, String label) {
        int start = section.indexOf(label);
        int end = start < 0 ? -1 : section.indexOf('\n', start + label.length());
        return end < 0 ? Optional.empty() : Optional.of(section.substring(start + label.length(), end));
    }
}
