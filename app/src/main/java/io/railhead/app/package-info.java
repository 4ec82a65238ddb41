/// The entry point of the command line.
///
/// Knows: the commands and how each kind of failure is said to the user.
/// Does not know: any rule of training, generation, scoring or data.
@NullMarked
package io.railhead.app;

import org.jspecify.annotations.NullMarked;
