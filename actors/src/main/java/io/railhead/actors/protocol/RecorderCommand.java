package io.railhead.actors.protocol;

import io.railhead.policy.PolicyVersion;
import org.apache.pekko.actor.typed.ActorRef;

/// What the run's recorder hears. It writes facts in the order of arrival; only a commit waits for it.
public sealed interface RecorderCommand {
    record RecordFact(RunFact fact) implements RecorderCommand, WireMessage {}

    /// From the learner before the commit of `version`: put all facts that came before this on the disk, and say
    /// so. So what a commit holds is in the log.
    record Flush(PolicyVersion version, ActorRef<Flushed> replyTo) implements RecorderCommand, ControlMessage {}

    record Flushed(PolicyVersion version) implements ControlMessage {}

    /// Private events of the implementation.
    non-sealed interface Internal extends RecorderCommand {}
}
