package io.railhead.actors.protocol;

import org.apache.pekko.actor.typed.ActorRef;

/// What the head of a run hears: whoever begins and ends its lives.
public sealed interface HeadCommand {
    /// From a node that takes part, or wants to; repeated. Answered with the present life if that is not `known`,
    /// or with the run's end.
    record Join(String memberId, Incarnation known, ActorRef<MemberCommand> member)
            implements HeadCommand, ControlMessage {}

    /// As [Join], from the one that runs the learner. A life works with one learner: if it had another one, the
    /// next life begins.
    record JoinAsLearner(String memberId, Incarnation known, ActorRef<MemberCommand> member)
            implements HeadCommand, ControlMessage {}

    /// From a member that leaves: forget it.
    record Leave(String memberId) implements HeadCommand, ControlMessage {}

    /// From any node: how is the run?
    record GetStatus(ActorRef<HeadStatus> replyTo) implements HeadCommand, ControlMessage {}

    /// Private events of the implementation.
    non-sealed interface Internal extends HeadCommand {}
}
