/// The lives of a run's head, as its directory knows them: which one is the present, and what each went on from.
///
/// Knows: files of the run directory. Does not know: what is committed, actors, clusters.
@NullMarked
package io.railhead.actors.incarnation;

import org.jspecify.annotations.NullMarked;
