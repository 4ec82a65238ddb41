/// The conversations between the roles, and nothing else: rollout workers, reward actors and the learner meet here.
///
/// Every message is an immutable record; each role's messages are one sealed interface, so a handler that forgets one
/// does not compile. A role's private events extend its `Internal` branch. What may cross nodes is marked
/// [WireMessage] (Protobuf) or [ControlMessage] (Kryo).
///
/// Knows: `io.railhead.policy`. Does not know: who implements a role, transport, clocks.
@NullMarked
package io.railhead.actors.protocol;

import org.jspecify.annotations.NullMarked;
