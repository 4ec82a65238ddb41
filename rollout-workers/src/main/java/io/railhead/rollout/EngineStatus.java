package io.railhead.rollout;

import io.railhead.policy.PolicyVersion;

/// What a worker knows of its engine. `Serving` is only entered on the executor's word, never in advance.
sealed interface EngineStatus {
    /// The first engine is not up yet.
    record Starting() implements EngineStatus {}

    /// The next token comes from `version`; at most `slots` sequences are decoded at a time.
    record Serving(PolicyVersion version, int slots) implements EngineStatus {}

    /// The engine is gone and comes back later with `lastServed` or newer.
    record Down(PolicyVersion lastServed) implements EngineStatus {}
}
