/// A recorded run done again: its log read into train steps, and those applied to the run's base model.
///
/// Knows: the event log, the learner's train step, the policy on DJL. Does not know: actors, option names; contains
/// no rule of training of its own.
@NullMarked
package io.railhead.app.replay;

import org.jspecify.annotations.NullMarked;
