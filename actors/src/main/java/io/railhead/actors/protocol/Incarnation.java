package io.railhead.actors.protocol;

/// The ordinal of a life of a run's head: of one stage controller and the one learner that it works with. It
/// grows by one with each life, in one process and in a cluster alike; what an older life sends or writes does
/// not count.
public record Incarnation(long number) implements Comparable<Incarnation> {
    /// Before the first: what a run without a record of its lives is of.
    public static final Incarnation NONE = new Incarnation(0);

    public Incarnation {
        if (number < 0) {
            throw new IllegalArgumentException("an incarnation is not negative: " + number);
        }
    }

    public Incarnation next() {
        return new Incarnation(number + 1);
    }

    @Override
    public int compareTo(Incarnation other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "i" + number;
    }
}
