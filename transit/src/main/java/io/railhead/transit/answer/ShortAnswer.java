package io.railhead.transit.answer;

/// What a response to a yes/no or counting question says.
///
/// @param text the answer after normalisation, lower case: "yes", "3", "b", or whatever stands in its place
/// @param boxed whether it stood in a closed `\boxed{}`, as the questions ask
public record ShortAnswer(String text, boolean boxed) {}
