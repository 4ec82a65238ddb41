package io.railhead.actors.weights.port;

import io.railhead.actors.weights.delta.ContentSums;
import io.railhead.policy.WeightsSnapshot;

/// Verified contents, and the transfer that brought them, to be handed on.
public record Received(WeightsSnapshot snapshot, ContentSums sums, Offer offer) {}
