/// A file system in memory that fails, tears and forgets, and what is left of a run after it.
@NullMarked
package io.railhead.app.crash;

import org.jspecify.annotations.NullMarked;
