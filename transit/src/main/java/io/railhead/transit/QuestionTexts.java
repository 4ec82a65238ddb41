package io.railhead.transit;

import java.util.List;
import java.util.Locale;

/// The published wording of each question. Spaces before line breaks and the slip in "this two stops" are theirs.
public final class QuestionTexts {
    public static final String YES_NO_INTRO =
            "Please solve the problem and put your answer (only answer yes or no) in one \"\\boxed{}\". "
                    + "According to the subway map, is it true that ";
    public static final String NUMBER_INTRO =
            "Please solve the problem and put your answer in one \"\\boxed{}\". According to the subway map, ";
    public static final String CHOICE_INTRO =
            "Please solve the multiple choice problem and put your answer (one of ABCD) in one \"\\boxed{}\". "
                    + "According to the subway map, how many intermediate stops are there between ";
    public static final String PLANNING_INTRO = "According to the subway map, how do I get from ";
    private static final String STRICTLY = " The format should be strictly followed:\n";
    public static final String PLANNING_FORMAT = "? Provide only one optimal route, with only the line name and the "
            + "departure and arrival stations."
            + STRICTLY
            + sections("");

    private QuestionTexts() {}

    static String sameLine(String station1, String station2) {
        return YES_NO_INTRO + station1 + " is the same line as " + station2 + "?";
    }

    /// The template says "on the line x", the published row "on the Line 7": a name that says itself that it is a line
    /// isn't called one twice.
    static String onLine(String station, String line) {
        boolean named = line.toLowerCase(Locale.ROOT).contains("line") || line.endsWith("线");
        return YES_NO_INTRO + station + " is on the " + (named ? "" : "line ") + line + "?";
    }

    static String stopsBetween(String station1, String station2, List<Integer> options) {
        return CHOICE_INTRO
                + "%s and %s (except for this two stops)? \nA) %d \nB) %d \nC) %d \nD) %d \n"
                        .formatted(station1, station2, options.get(0), options.get(1), options.get(2), options.get(3));
    }

    static String linesThrough(String station) {
        return NUMBER_INTRO + "how many lines pass through " + station + "?";
    }

    static String linesInTotal() {
        return NUMBER_INTRO + "how many subway (metro) lines are there in total?";
    }

    static String planning(String station1, String station2) {
        return planning(station1, station2, PlanningForm.SHORT);
    }

    static String planning(String station1, String station2, PlanningForm form) {
        return PLANNING_INTRO
                + station1
                + " to "
                + station2
                + switch (form) {
                    case SHORT -> PLANNING_FORMAT;
                    case VIA_COUNT ->
                        "? Provide only one optimal route, and include the number of via stops for each route section "
                                + "(excluding the departure and arrival stops)."
                                + STRICTLY
                                + sections("\n" + PlanningForm.COUNT_LABEL + " x");
                    case VIA_STOPS ->
                        "? Provide only one optimal route, including all the via stops."
                                + STRICTLY
                                + sections("\n" + PlanningForm.STOPS_LABEL + " xx Station, xx Station");
                };
    }

    /// Two sections, as the form is shown.
    private static String sections(String fourthLine) {
        String section = "Route Name: Line x\nDeparture Stop: xx Station\nArrival Stop: xx Station" + fourthLine;
        return section + "\n--\n" + section;
    }
}
