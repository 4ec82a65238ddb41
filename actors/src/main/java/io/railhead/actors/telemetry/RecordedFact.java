package io.railhead.actors.telemetry;

import io.railhead.actors.protocol.RunFact;
import java.time.Instant;

/// A fact with the time at which it was recorded, in whole milliseconds.
public record RecordedFact(Instant at, RunFact fact) {}
