/// A run in virtual time: the real stage controller, rollout workers, reward actors and learner actor, with devices
/// that are only simulated.
///
/// Knows: the roles' actors and what devices cost. Does not know: models, files of a run but to fit costs from them.
@NullMarked
package io.railhead.app.simulate;

import org.jspecify.annotations.NullMarked;
