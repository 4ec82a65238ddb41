/// The commands: options in, one call into [io.railhead.app.run], text or JSON out.
///
/// Knows: option names, output formats. Does not know: actors, native code.
@NullMarked
package io.railhead.app.command;

import org.jspecify.annotations.NullMarked;
