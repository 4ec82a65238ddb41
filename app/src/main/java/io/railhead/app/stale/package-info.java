/// What staleness costs each objective: train steps on responses that are exactly so many versions old.
@NullMarked
package io.railhead.app.stale;

import org.jspecify.annotations.NullMarked;
