package io.railhead.app.simulate;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RunFact;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Reads the figures of a run in virtual time off its facts and meters. The first steps, in which the pipeline fills,
/// do not count.
final class Measurements {
    /// Everything counted until an instant, just after a train step.
    record Moment(
            long nanos,
            long steps,
            long trajectories,
            RolloutMeter.Totals rollout,
            TrainerMeter.Totals trainer,
            Map<RunFact.LeaseEnded.Outcome, Long> tokens) {}

    private final LongSupplier nanoTime;
    private final RolloutMeter rollout;
    private final TrainerMeter trainer;
    private final int groupSize;
    private final int grain;
    private final long warmUpSteps;
    private final IntendedLengths lengths;
    private final Map<LeaseId, Long> open = new HashMap<>(); // tokens that have come of leases that have not ended
    private final Map<RunFact.LeaseEnded.Outcome, Long> tokens = new EnumMap<>(RunFact.LeaseEnded.Outcome.class);
    private final List<DroppedByLength.Ended> ended = new ArrayList<>(); // since the steps count
    private long steps;
    private long trajectories;
    private Optional<Moment> first = Optional.empty();
    private Optional<Moment> last = Optional.empty();

    Measurements(
            LongSupplier nanoTime,
            RolloutMeter rollout,
            TrainerMeter trainer,
            int groupSize,
            int grain,
            long warmUpSteps,
            IntendedLengths lengths) {
        this.nanoTime = nanoTime;
        this.rollout = rollout;
        this.trainer = trainer;
        this.groupSize = groupSize;
        this.grain = grain;
        this.warmUpSteps = warmUpSteps;
        this.lengths = lengths;
    }

    void on(RunFact fact) {
        switch (fact) {
            case RunFact.TrajectoryTaken(var taken) ->
                open.merge(
                        taken.rollout().lease(),
                        (long) taken.rollout().response().size() * grain,
                        Long::sum);
            case RunFact.LeaseEnded end -> {
                Long came = open.remove(end.lease());
                tokens.merge(end.outcome(), came == null ? 0 : came, Long::sum);
                if (steps >= warmUpSteps) {
                    ended.add(new DroppedByLength.Ended(
                            end.outcome() == RunFact.LeaseEnded.Outcome.TRAINED, lengths.of(end.lease())));
                }
            }
            case RunFact.StepFinished step -> {
                steps++;
                trajectories += (long) step.trained().size() * groupSize;
                if (steps == warmUpSteps) {
                    first = Optional.of(moment());
                }
                if (steps > warmUpSteps) {
                    last = Optional.of(moment());
                }
            }
            case RunFact.LeaseIssued _,
                    RunFact.CheckpointWritten _,
                    RunFact.IncarnationBegan _,
                    RunFact.LearnerStarted _,
                    RunFact.WeightsMade _,
                    RunFact.TroubleFound _,
                    RunFact.AlertRaised _,
                    RunFact.AlertCleared _,
                    RunFact.LoopMoved _,
                    RunFact.MemoryShort _,
                    RunFact.StageAdvanced _ -> {}
        }
    }

    long steps() {
        return steps;
    }

    /// The first moment that counts, if the run got so far.
    Optional<Moment> first() {
        return first;
    }

    Optional<Moment> last() {
        return last;
    }

    DroppedByLength dropped() {
        return DroppedByLength.of(ended);
    }

    private Moment moment() {
        return new Moment(
                nanoTime.getAsLong(), steps, trajectories, rollout.totals(), trainer.totals(), new EnumMap<>(tokens));
    }
}
