package io.railhead.transit.data;

/// A city that has a station file but no usable part in a data set, and why.
public record SkippedCity(String country, String city, String reason) {}
