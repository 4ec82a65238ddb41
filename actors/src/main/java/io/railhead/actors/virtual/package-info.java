/// Actor systems in virtual time: real actors, no thread but the caller's, a clock that jumps from event to event.
///
/// Knows: how Pekko runs mailboxes and timers. Does not know: any role, any message.
@NullMarked
package io.railhead.actors.virtual;

import org.jspecify.annotations.NullMarked;
