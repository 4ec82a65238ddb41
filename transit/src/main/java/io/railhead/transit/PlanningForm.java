package io.railhead.transit;

/// What a planning question wants to be told of each ride: the short form, or one of the two long ones.
public enum PlanningForm {
    /// Line, departure and arrival.
    SHORT("short"),
    /// How many stops are passed as well.
    VIA_COUNT("via-count"),
    /// Which stops are passed as well.
    VIA_STOPS("via-stops");

    /// What an answer in the form of [#VIA_COUNT] says, and its question.
    public static final String COUNT_LABEL = "Number of Via Stops:";

    /// What an answer in the form of [#VIA_STOPS] says, and its question.
    public static final String STOPS_LABEL = "Via Stops:";

    private final String wireName;

    PlanningForm(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }

    /// The form that a published question asks for, which its text alone tells.
    public static PlanningForm of(String questionText) {
        if (questionText.contains(COUNT_LABEL)) {
            return VIA_COUNT;
        }
        return questionText.contains(STOPS_LABEL) ? VIA_STOPS : SHORT;
    }
}
