package io.railhead.learner;

/// What the stage controller promises of the batches, and the learner holds it to.
///
/// @param groupSize samples of every group
/// @param groupsPerStep groups of a train step
/// @param maxStaleness most versions between the one that sampled a token and the one that is trained from
public record BatchLimits(int groupSize, int groupsPerStep, int maxStaleness) {
    public BatchLimits {
        if (groupSize < 1 || groupsPerStep < 1 || maxStaleness < 0) {
            throw new IllegalArgumentException("group size %d, groups per step %d, max staleness %d"
                    .formatted(groupSize, groupsPerStep, maxStaleness));
        }
    }

    /// Trajectories that may wait for their pictures at a time: each sample twice.
    int mostWithoutPictures() {
        return Math.multiplyExact(2 * groupSize, bufferCapacity());
    }

    /// Leases that the learner may have samples of at a time: all that admission allows, and as many as one step
    /// trains for those that end without its knowing.
    int bufferCapacity() {
        return Math.multiplyExact(groupsPerStep, maxStaleness + 2);
    }
}
