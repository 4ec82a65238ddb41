package io.railhead.transit.answer;

/// One ride as a response states it.
///
/// @param line the line's name, stripped, otherwise as it was written
/// @param departure the departure stop, cleaned as station names are; [#MISSING] if it was not given in the right form
/// @param arrival the arrival stop, likewise
public record AnswerSegment(String line, String departure, String arrival) {
    /// Stands where a field was not given in the right form. No station or line is called so.
    public static final String MISSING = "wrong";
}
