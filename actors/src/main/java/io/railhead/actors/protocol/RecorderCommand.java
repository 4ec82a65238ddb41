package io.railhead.actors.protocol;

/// What the run's recorder hears. It writes facts in the order of arrival; nobody waits for it.
public sealed interface RecorderCommand {
    record RecordFact(RunFact fact) implements RecorderCommand, WireMessage {}

    /// Private events of the implementation.
    non-sealed interface Internal extends RecorderCommand {}
}
