package io.railhead.transit.answer;

import java.util.List;

/// A route as a response states it; sections without all three labels are not in it.
public record PlanningAnswer(List<AnswerSegment> segments) {
    public PlanningAnswer {
        segments = List.copyOf(segments);
    }

    /// Whether there is a section at all, and each section gives all three fields in the form that was asked for.
    public boolean wellFormed() {
        return !segments.isEmpty()
                && segments.stream()
                        .allMatch(s -> !s.line().equals(AnswerSegment.MISSING)
                                && !s.departure().equals(AnswerSegment.MISSING)
                                && !s.arrival().isEmpty());
    }
}
