package io.railhead.app.simulate;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.stage.LeaseTerms;
import io.railhead.policy.GenerationRequest;

/// How long the responses to a lease are, or would have been if somebody had waited for them: what no recorded run
/// can tell.
///
/// @param limit tokens
record IntendedLengths(Lengths lengths, int limit, long runSeed, int groupSize) {
    static IntendedLengths of(SimulationPlan plan) {
        return new IntendedLengths(
                plan.lengths(), plan.maxTokens() / plan.grain() * plan.grain(), plan.seed(), plan.groupSize());
    }

    int[] of(LeaseId lease) {
        long seed = LeaseTerms.seed(runSeed, lease);
        int[] tokens = new int[groupSize];
        for (int i = 0; i < groupSize; i++) {
            tokens[i] = Math.min(lengths.draw(seed, i, GenerationRequest.random(seed, i)), limit);
        }
        return tokens;
    }
}
