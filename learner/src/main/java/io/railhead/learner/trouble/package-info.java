/// Numerical trouble of a train step: what counts as trouble, what is done about it, and what is kept of it.
///
/// Knows the numbers of a batch. Does not know: policies, optimisers, actors, the ledger.
@NullMarked
package io.railhead.learner.trouble;

import org.jspecify.annotations.NullMarked;
