package io.railhead.actors.protocol;

/// What those who take part in a run hear from its head.
public sealed interface MemberCommand {
    /// This is the present life: everything of an older one is to end. An older one than the known is ignored.
    record LifeBegan(Incarnation incarnation) implements MemberCommand, ControlMessage {}

    /// There will be no further life.
    record RunIsOver(StageCommand.RunEnded end) implements MemberCommand, ControlMessage {}

    /// Private events of the implementation.
    non-sealed interface Internal extends MemberCommand {}
}
