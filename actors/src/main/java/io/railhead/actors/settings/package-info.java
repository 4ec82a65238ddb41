/// Reads settings strictly: every key is known, every value is in its range, and an error names the key.
///
/// Knows: typesafe Config. Does not know: any area's keys; each module reads its own area into a settings record.
@NullMarked
package io.railhead.actors.settings;

import org.jspecify.annotations.NullMarked;
