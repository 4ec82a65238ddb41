/// The stage controller: who generates what, what is trained, and when the curriculum moves on.
///
/// The rules are immutable values: [Staleness] (which leases may be open), [Ledger] (where each lease is),
/// [Curriculum] (which prompt comes next) and [StageState], which joins them. Time is an argument, randomness is a
/// function of the run's seed. [StageController] alone is an actor; it turns messages into calls and effects into
/// messages.
///
/// Knows: `io.railhead.actors.protocol`, `io.railhead.actors.settings`, `io.railhead.policy`.
/// Does not know: how prompts are stored, how rollouts are made, scored or trained on; files; the wire.
@NullMarked
package io.railhead.actors.stage;

import org.jspecify.annotations.NullMarked;
