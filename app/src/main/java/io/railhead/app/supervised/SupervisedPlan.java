package io.railhead.app.supervised;

import com.typesafe.config.Config;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.app.run.DataSettings;
import io.railhead.app.run.EvalSettings;
import io.railhead.app.run.Item;
import io.railhead.app.run.MemoryPlan;
import io.railhead.app.run.PolicySettings;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.SupervisedSettings;
import io.railhead.app.run.TaskSource;
import io.railhead.app.run.UsageException;
import io.railhead.learner.LearnerSettings;
import io.railhead.policy.djl.DeviceMissingException;
import io.railhead.policy.djl.NativeSelfTest;
import io.railhead.reward.RewardSettings;
import io.railhead.transit.QuestionType;
import io.railhead.transit.data.Split;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// All that supervised training is started with, read and checked before anything is written.
///
/// @param passTokens the most tokens of one pass
/// @param items the questions that are learned from
/// @param reward what judges answers to questions of one's own
/// @param answers the response to each
public record SupervisedPlan(
        SupervisedSettings settings,
        PolicySettings policy,
        EvalSettings eval,
        RewardSettings reward,
        int passTokens,
        PolicySource model,
        TaskSource train,
        List<Item> items,
        Function<Item, String> answers,
        TaskSource heldOut) {
    public SupervisedPlan {
        items = List.copyOf(items);
    }

    /// @throws ConfigurationException if a key is unknown or a value not usable
    /// @throws IOException if the model cannot be opened
    public static SupervisedPlan of(Config config) throws IOException {
        SupervisedSettings settings = SupervisedSettings.from(config);
        DataSettings data = DataSettings.from(config);
        PolicySettings policy = PolicySettings.from(config);
        Function<Item, String> answers = ReferenceAnswers.of(settings.responses(), data);
        RewardSettings reward = RewardSettings.from(config);
        TaskSource train = TaskSource.of(data, Split.TRAIN);
        train.requireScoredBy(reward);
        requireKinds(settings.kinds(), data, train);
        List<Item> items = train.items().stream().filter(settings::learnsFrom).toList();
        if (items.isEmpty()) {
            throw new UsageException("the data has no question to train on of railhead.supervised.kinds = "
                    + (settings.kinds().isEmpty() ? "null" : settings.kinds()));
        }
        return new SupervisedPlan(
                settings,
                policy,
                EvalSettings.from(config),
                reward,
                LearnerSettings.from(config).microbatchTokens(),
                PolicySource.of(policy.model()),
                train,
                items,
                answers,
                TaskSource.of(data, Split.TEST));
    }

    /// Types of questions about maps have a list of their own, whichever of them the data has.
    private static void requireKinds(List<String> kinds, DataSettings data, TaskSource train) {
        Set<String> known = switch (data.source()) {
            case GENERATED, FOLDER ->
                Arrays.stream(QuestionType.values()).map(QuestionType::wireName).collect(Collectors.toSet());
            case QUESTIONS -> train.items().stream().map(Item::kind).collect(Collectors.toSet());
        };
        for (String kind : kinds) {
            if (!known.contains(kind)) {
                throw new ConfigurationException("railhead.supervised.kinds has %s, which is none of %s"
                        .formatted(kind, String.join(", ", new TreeSet<>(known))));
            }
        }
    }

    /// Makes sure that this machine can compute on the devices of the settings, and has memory for what stays there.
    ///
    /// @throws DeviceMissingException if it does not have one of them
    /// @throws UsageException if its memory is too small, with the numbers
    public void requireMachine() throws DeviceMissingException {
        MemoryPlan.supervised(
                        model.model().config(),
                        policy.training(),
                        policy.engine(),
                        Runtime.getRuntime().maxMemory())
                .requireFitting();
        NativeSelfTest.ensurePassed(policy.engine().compute());
        NativeSelfTest.ensurePassed(policy.training().compute());
    }
}
