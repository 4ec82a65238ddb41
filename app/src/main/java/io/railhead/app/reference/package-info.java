/// What the settings mean, from the very files that give their defaults.
///
/// Knows: the modules' reference files. Does not know: what reads a setting, commands.
@NullMarked
package io.railhead.app.reference;

import org.jspecify.annotations.NullMarked;
