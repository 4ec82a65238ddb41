package io.railhead.actors.protocol;

/// A small message between nodes of one release: encoded by Kryo, with required registration.
public interface ControlMessage {}
