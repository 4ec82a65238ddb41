package io.railhead.app.simulate;

/// A simulation that says nothing: its run failed, or was too short.
public final class SimulationFailedException extends RuntimeException {
    SimulationFailedException(String message) {
        super(message);
    }
}
