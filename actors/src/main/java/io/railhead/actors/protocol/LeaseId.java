package io.railhead.actors.protocol;

/// The ordinal of a lease in its run. Lower ids were drawn from the curriculum earlier.
public record LeaseId(long ordinal) implements Comparable<LeaseId> {
    public LeaseId {
        if (ordinal < 0) {
            throw new IllegalArgumentException("a lease id is not negative: " + ordinal);
        }
    }

    @Override
    public int compareTo(LeaseId other) {
        return Long.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        return "lease-" + ordinal;
    }
}
