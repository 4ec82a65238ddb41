package io.railhead.actors.stage;

/// What the curriculum knows of a prompt: its id, and what stages select by.
public record PromptRef(String id, String kind, String difficulty) {}
