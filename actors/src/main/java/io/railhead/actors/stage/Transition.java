package io.railhead.actors.stage;

import java.util.List;

/// The state after an event, and what is to be done because of it.
public record Transition(StageState next, List<StageEffect> effects) {
    public Transition {
        effects = List.copyOf(effects);
    }
}
