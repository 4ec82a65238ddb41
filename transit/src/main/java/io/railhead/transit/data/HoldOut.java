package io.railhead.transit.data;

/// What is kept from training when a folder of real cities is split.
public enum HoldOut {
    /// The published test cities: networks that training never sees.
    CITIES,
    /// Every second pair of questions about every city: for a folder whose cities should all be trained on.
    QUESTIONS
}
