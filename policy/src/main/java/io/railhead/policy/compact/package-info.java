/// Compact convolutional towers: MobileNet-V1 and V2 with subspace attention, as shapes and costs. Pure Java.
@NullMarked
package io.railhead.policy.compact;

import org.jspecify.annotations.NullMarked;
