/// The task: transit networks, best routes between their stations, and questions about them.
///
/// Everything here is immutable and, where chance is involved, a function of a seed.
///
/// Knows: lines, stations, routes, the published question texts.
/// Does not know: pictures, answers of a policy, rewards, actors, tensors, the wire.
@NullMarked
package io.railhead.transit;

import org.jspecify.annotations.NullMarked;
