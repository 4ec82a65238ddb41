package io.railhead.policy;

/// Which weights of a trainable policy a pass uses: those being optimised, or the frozen anchor of the KL.
public enum ParameterSet {
    TARGET,
    REFERENCE
}
