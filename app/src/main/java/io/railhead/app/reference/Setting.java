package io.railhead.app.reference;

/// One setting as its reference file describes it.
///
/// @param key whole, such as `railhead.stage.steps`
/// @param preset the default in HOCON; `null` if there is none
/// @param meaning the comment above it, or above the section that it stands in
public record Setting(String key, String preset, String meaning) {}
