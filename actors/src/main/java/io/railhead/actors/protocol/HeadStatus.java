package io.railhead.actors.protocol;

import java.util.List;

/// What the head of a run says of it when asked.
///
/// @param life the present one; `NONE` before the first
/// @param members the ids of those that take part
/// @param run by the stage controller, or, if that does not answer, who waits for whom
public record HeadStatus(Incarnation life, List<String> members, RunStatus run) implements ControlMessage {
    public HeadStatus {
        members = List.copyOf(members);
    }
}
