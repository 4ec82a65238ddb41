/// Vision towers: shapes, names of weights and costs. Pure Java.
@NullMarked
package io.railhead.policy.vision;

import org.jspecify.annotations.NullMarked;
