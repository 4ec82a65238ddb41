package io.railhead.actors.protocol;

/// A message with contents that outlive a release: encoded as Protobuf.
public interface WireMessage {}
