/// Stand-ins that cost next to nothing, for measuring the actors around them.
@NullMarked
package io.railhead.bench.actors;

import org.jspecify.annotations.NullMarked;
