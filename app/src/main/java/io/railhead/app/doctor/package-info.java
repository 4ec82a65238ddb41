/// What a run needs of the machine, looked at without starting one (`railhead doctor`).
///
/// Knows: the settings, how a run is planned. Does not know: actors, the network beyond this machine's own ports.
@NullMarked
package io.railhead.app.doctor;

import org.jspecify.annotations.NullMarked;
