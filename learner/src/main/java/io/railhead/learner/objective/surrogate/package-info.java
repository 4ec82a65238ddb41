/// The surrogates that come with Railhead, one a file, each with its paper and formula.
///
/// In the formulas `r = exp(target - proximal)` is a token's importance ratio, `A` its response's advantage, and
/// `sg(x)` is `x` as a constant for the gradient.
///
/// Knows: log-probabilities and advantages. Does not know: how tokens become one loss, settings.
@NullMarked
package io.railhead.learner.objective.surrogate;

import org.jspecify.annotations.NullMarked;
