package io.railhead.rollout;

import io.railhead.actors.protocol.LeaseId;

/// One sample of one attempt of a lease.
record SampleKey(LeaseId lease, int attempt, int sampleIndex) {}
