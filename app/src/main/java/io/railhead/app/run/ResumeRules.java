package io.railhead.app.run;

import static io.railhead.app.run.ResumeRule.may;
import static io.railhead.app.run.ResumeRule.mayNot;

import com.typesafe.config.Config;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What may be changed when a run goes on: one table, key by key.
///
/// A run that goes on with the same values is the run that was never ended. What may change is what does not decide
/// what is asked, sampled, scored and learned, and what a run's owner is known to want otherwise.
public final class ResumeRules {
    private static final String ORDER =
            "the commit counts places in an order of prompts, and it would be another order";
    private static final String LEARNED = "other groups would be learned from than so far: begin a new run";
    private static final String OBJECTIVE =
            "something else would be optimised from here on: begin a new run from an exported checkpoint";
    private static final String REWARDS = "rewards before and after could not be compared: begin a new run";
    private static final String SHAPE = "the commit's weights and optimiser state have the shape of the old value";
    private static final String LIMIT = "a limit on waiting and failing";
    private static final String MACHINE = "how this machine does it, not what is done";
    private static final String SAMPLING = "responses before and after would be sampled by different rules";
    private static final String RATE = "holds from the commit on; `railhead replay` follows";

    private static final List<ResumeRule> TABLE = List.of(
            may("run", "where the run lives, and how long it waits"),
            may("http", MACHINE),
            may("cluster", "the run goes on with any number of nodes, anywhere"),
            may("security", "certificates are of nodes, not of runs"),
            may("rollout", "any number and kind of rollout workers makes the same leases"),
            may("weights", "how weights travel"),
            may("telemetry", "how facts are written down"),
            may("trackers", "who is told of it"),
            may("traces", "who is told of it"),
            may("reward-service", "not part of a run"),
            may("supervised", "not part of a run"),
            may("eval", "asks the model, teaches it nothing"),
            may("pinned-dispatcher", MACHINE),
            may("blocking-dispatcher", MACHINE),
            mayNot("data", "prompts already drawn and prompts still to come would be of different data"),
            mayNot("stage", ORDER),
            may(
                    "stage.steps",
                    "the run gets longer or shorter; stages with a share of it are measured by the new length"),
            may("stage.checkpoint-every", "the next one is due by the new value"),
            may("stage.max-failed-checkpoints", LIMIT),
            may("stage.lease-timeout", LIMIT),
            may("stage.worker-silence", LIMIT),
            may("stage.max-attempts", LIMIT),
            may("stage.max-consecutive-failures", LIMIT),
            may("stage.max-filtered-in-a-row", LIMIT),
            may("stage.stall-timeout", LIMIT),
            may("stage.tick", LIMIT),
            may("stage.closed-loop", "it goes on from where the commit left it, within the new limits"),
            may("stage.late-leases", "who waits for whom, from here on"),
            mayNot("stage.group-size", "leases of the commit that are still open have groups of the old size"),
            mayNot(
                    "stage.groups-per-step",
                    "as many leases are open as the old value admits, and a step is another one"),
            mayNot("stage.max-staleness", "as many leases are open as the old value admits"),
            mayNot("stage.filter-zero-variance", LEARNED),
            mayNot("stage.sampling", SAMPLING),
            mayNot("stage.curriculum", ORDER),
            mayNot("stage.seed", ORDER),
            mayNot("reward", REWARDS),
            may("reward.workers", MACHINE),
            may("reward.queue", MACHINE),
            may("reward.deadline", LIMIT),
            may("reward.strikes", LIMIT),
            may("reward.failures-in-a-row", LIMIT),
            may("reward.pause", LIMIT),
            may("reward.lost-threads", LIMIT),
            may("reward.largest", LIMIT),
            may("reward.remote", "where the same scores come from"),
            mayNot("learner", OBJECTIVE),
            may("learner.checkpoints", "the next commit prunes by the new rules"),
            may("learner.microbatch-tokens", "bounds memory; sums may round otherwise"),
            mayNot("learner.optimizer", "the moments in the commit were made with the old value"),
            may("learner.optimizer.learning-rate", RATE),
            may("learner.optimizer.warmup-steps", RATE),
            may("learner.optimizer.decay", RATE),
            may("learner.optimizer.decay-steps", RATE),
            may("learner.optimizer.final-share", RATE),
            may("learner.optimizer.weight-decay", RATE),
            may("learner.optimizer.max-gradient-norm", RATE),
            mayNot("policy.model", "the tokenizer and the weights that are not trained are those of the old model"),
            mayNot("policy.vision-frozen", SHAPE),
            mayNot("policy.lora", SHAPE),
            may("policy", "how it is computed; another device or type rounds otherwise, so bits may differ"));

    private ResumeRules() {}

    public static List<ResumeRule> table() {
        return TABLE;
    }

    /// The rule for a key without `railhead.`, the longest that covers it. A key without a rule may not change.
    public static Optional<ResumeRule> of(String key) {
        return TABLE.stream()
                .filter(rule -> rule.covers(key))
                .max(Comparator.comparingInt(rule -> rule.keys().length()));
    }

    /// The changes that are accepted.
    ///
    /// @param before of the run
    /// @param now fully resolved
    /// @throws UsageException with every change that is not, its values and the reason
    public static List<ConfigChange> accept(Config before, Config now) {
        List<ConfigChange> changes = ConfigChange.between(before, now);
        List<String> refused = changes.stream()
                .filter(change -> !of(change.key()).map(ResumeRule::mayChange).orElse(false))
                .map(change -> change + " is refused: "
                        + of(change.key()).map(ResumeRule::reason).orElse("no rule says that it may change"))
                .toList();
        if (!refused.isEmpty()) {
            throw new UsageException("the run cannot go on with this configuration\n" + String.join("\n", refused));
        }
        return changes;
    }
}
