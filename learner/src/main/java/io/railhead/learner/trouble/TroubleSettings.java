package io.railhead.learner.trouble;

import io.railhead.actors.settings.StrictConfig;
import java.util.EnumMap;
import java.util.Map;

/// The section `railhead.learner.trouble`. Its `reference.conf` says what each key means.
///
/// @param actions one for each kind
/// @param mostInARow train steps with trouble of which at least an optimiser step was not taken, after which the run
///     fails
public record TroubleSettings(
        Map<TroubleKind, TroubleAction> actions,
        double largestRatio,
        double zeroVarianceShare,
        double driftDeviations,
        int driftSteps,
        int mostInARow,
        int keptSamples,
        int keptFiles) {
    public TroubleSettings {
        actions = Map.copyOf(actions);
        for (TroubleKind kind : TroubleKind.values()) {
            if (!actions.containsKey(kind)) {
                throw new IllegalArgumentException("no action for " + kind.label());
            }
        }
    }

    public static TroubleSettings from(StrictConfig section) {
        Map<TroubleKind, TroubleAction> actions = new EnumMap<>(TroubleKind.class);
        for (TroubleKind kind : TroubleKind.values()) {
            actions.put(kind, section.choice(kind.label(), TroubleAction.class));
        }
        if (actions.get(TroubleKind.NOT_FINITE_GRADIENT) == TroubleAction.WARN) {
            throw section.contradiction(
                    TroubleKind.NOT_FINITE_GRADIENT.label(),
                    "cannot be: no optimiser takes such a gradient; use skip, roll-back or fail");
        }
        TroubleAction drift = actions.getOrDefault(TroubleKind.REWARD_DRIFT, TroubleAction.WARN);
        if (drift == TroubleAction.SKIP || drift == TroubleAction.ROLL_BACK) {
            throw section.contradiction(
                    TroubleKind.REWARD_DRIFT.label(),
                    "cannot be: it depends on the steps before, so a resumed run would train others; use warn or fail");
        }
        return new TroubleSettings(
                actions,
                section.number("largest-ratio", 1, Double.MAX_VALUE),
                section.number("zero-variance-share", Double.MIN_NORMAL, 2),
                section.number("drift-deviations", Double.MIN_NORMAL, Double.MAX_VALUE),
                section.integer("drift-steps", 2, 1_000_000),
                section.integer("most-in-a-row", 1, Integer.MAX_VALUE),
                section.integer("kept-samples", 0, 1_000_000),
                section.integer("kept-files", 0, 1_000_000));
    }

    public TroubleAction action(TroubleKind kind) {
        return actions.getOrDefault(kind, TroubleAction.WARN);
    }

    /// Whether any trouble can undo optimiser steps that were taken.
    public boolean mayRollBack() {
        return actions.values().stream().anyMatch(action -> action.isAtLeast(TroubleAction.ROLL_BACK));
    }
}
