package io.railhead.actors.stage;

import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageSnapshot.LoopPosition;
import io.railhead.policy.PolicyVersion;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Moves the staleness that leases are admitted with, and the learning rate, by how far off-policy the train steps
/// were. Immutable; a function of the steps' metrics alone, so a replayed or resumed run moves as the unbroken one.
///
/// Of each `patience` train steps the means of two measurements are looked at: the share of effective samples and
/// the mismatch KL. If one of them is on the bad side of its band, the loop tightens: one version less of staleness,
/// or at the least staleness a smaller learning rate. If both are on the good side, it loosens, in the opposite
/// order: the learning rate first, then the staleness. Between, nothing moves.
///
/// Invariants: what it says stays within the limits; switched off it never moves; the response is monotone: worse
/// measurements never lead to more staleness or a larger rate than better ones; after a step that was trained on
/// nothing, or measured nothing, it is as before.
///
/// The hard bound, `max-staleness`, is not moved: the learner holds every token to it, and train steps wait for
/// leases by it.
public record ClosedLoop(ClosedLoopSettings settings, int maxStaleness, LoopPosition position) {
    /// The share of effective samples among a step's metrics.
    public static final String EFFECTIVE = "policy/effective-sample-fraction";

    /// The mismatch KL among a step's metrics.
    public static final String MISMATCH = "kl/mismatch";

    /// The loop after a step, and what it moved.
    public record Look(ClosedLoop next, Optional<RunFact.LoopMoved> move) {}

    private enum Verdict {
        TIGHTEN,
        HOLD,
        LOOSEN
    }

    public static ClosedLoop start(StageSettings stage) {
        return new ClosedLoop(
                stage.closedLoop(), stage.maxStaleness(), new LoopPosition(stage.maxStaleness(), 1, 0, 0, 0));
    }

    /// Where a commit left it, within the limits of now; at the start if it left nothing, or is switched off.
    public ClosedLoop at(Optional<LoopPosition> left) {
        LoopPosition start = new LoopPosition(maxStaleness, 1, 0, 0, 0);
        LoopPosition there = settings.enabled() ? left.orElse(start) : start;
        return with(new LoopPosition(
                Math.clamp(there.staleness(), Math.min(settings.minStaleness(), maxStaleness), maxStaleness),
                Math.clamp(there.rateFactor(), settings.minRateFactor(), settings.maxRateFactor()),
                there.steps(),
                there.effective(),
                there.mismatch()));
    }

    /// What a commit keeps of it.
    public Optional<LoopPosition> kept() {
        return settings.enabled() ? Optional.of(position) : Optional.empty();
    }

    /// The most versions between the policy that a new lease is sampled with and the one that is trained on it, if
    /// no lease is late.
    public int staleness() {
        return position.staleness();
    }

    public double rateFactor() {
        return position.rateFactor();
    }

    /// @param trained whether an optimiser step was taken: without one, there is nothing behind the measurements
    public Look after(PolicyVersion made, Map<String, Double> metrics, boolean trained) {
        double effective = metrics.getOrDefault(EFFECTIVE, Double.NaN);
        double mismatch = metrics.getOrDefault(MISMATCH, Double.NaN);
        if (!settings.enabled() || !trained || !Double.isFinite(effective) || !Double.isFinite(mismatch)) {
            return new Look(this, Optional.empty());
        }
        ClosedLoop read = with(new LoopPosition(
                staleness(),
                rateFactor(),
                position.steps() + 1,
                position.effective() + effective,
                position.mismatch() + mismatch));
        return read.position.steps() < settings.patience() ? new Look(read, Optional.empty()) : read.look(made);
    }

    /// The next look begins with the next step, whatever comes of this one.
    private Look look(PolicyVersion made) {
        double effective = position.effective() / position.steps();
        double mismatch = position.mismatch() / position.steps();
        ClosedLoop next = switch (verdict(effective, mismatch)) {
            case TIGHTEN ->
                staleness() > settings.minStaleness()
                        ? moved(staleness() - 1, rateFactor())
                        : moved(staleness(), Math.max(settings.minRateFactor(), rateFactor() * settings.rateStep()));
            case HOLD -> moved(staleness(), rateFactor());
            case LOOSEN ->
                rateFactor() < settings.maxRateFactor()
                        ? moved(staleness(), Math.min(settings.maxRateFactor(), rateFactor() / settings.rateStep()))
                        : moved(Math.min(maxStaleness, staleness() + 1), rateFactor());
        };
        boolean same = next.staleness() == staleness() && next.rateFactor() == rateFactor();
        String cause = cause(effective, mismatch);
        return new Look(
                next,
                same
                        ? Optional.empty()
                        : Optional.of(new RunFact.LoopMoved(made, next.staleness(), next.rateFactor(), cause)));
    }

    private Verdict verdict(double effective, double mismatch) {
        if (effective < settings.effective().low()
                || mismatch > settings.mismatch().high()) {
            return Verdict.TIGHTEN;
        }
        boolean room = effective > settings.effective().high()
                && mismatch < settings.mismatch().low();
        return room ? Verdict.LOOSEN : Verdict.HOLD;
    }

    private String cause(double effective, double mismatch) {
        return String.format(
                Locale.ROOT,
                "over %d steps the effective share was %.4f (band %s to %s) and the mismatch KL %.3g (band %s to %s)",
                position.steps(),
                effective,
                settings.effective().low(),
                settings.effective().high(),
                mismatch,
                settings.mismatch().low(),
                settings.mismatch().high());
    }

    private ClosedLoop moved(int staleness, double rateFactor) {
        return with(new LoopPosition(staleness, rateFactor, 0, 0, 0));
    }

    private ClosedLoop with(LoopPosition next) {
        return new ClosedLoop(settings, maxStaleness, next);
    }
}
