package io.railhead.actors.protocol;

/// Numerical trouble of a train step, in words.
///
/// @param kind such as `not-finite-loss`; `docs/alerts.md` has all of them
/// @param action what was done about it: `warn`, `skip`, `roll-back` or `fail`
/// @param file with the samples, relative to the run directory; empty if none was written
public record Trouble(String kind, String action, String cause, String file) {}
