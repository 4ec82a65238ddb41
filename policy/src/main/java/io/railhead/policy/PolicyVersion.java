package io.railhead.policy;

/// Number of optimiser steps that made a policy: 0 is the base model, and the learner alone makes the next one.
public record PolicyVersion(long number) implements Comparable<PolicyVersion> {
    public static final PolicyVersion BASE = new PolicyVersion(0);

    public PolicyVersion {
        if (number < 0) {
            throw new IllegalArgumentException("a policy version is not negative: " + number);
        }
    }

    public PolicyVersion next() {
        return new PolicyVersion(number + 1);
    }

    /// How many versions `behaviour` lies behind this one; negative if it lies ahead.
    public long stalenessOf(PolicyVersion behaviour) {
        return number - behaviour.number;
    }

    @Override
    public int compareTo(PolicyVersion other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "v" + number;
    }
}
