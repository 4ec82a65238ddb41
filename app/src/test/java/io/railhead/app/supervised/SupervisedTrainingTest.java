package io.railhead.app.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RandomModel;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.transit.QuestionType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedTrainingTest {
    @TempDir
    private static Path temp;

    private static Path model;

    private record Trained(List<SupervisedTraining.Step> steps, String sha256) {}

    @BeforeAll
    static void makeModel() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 5);
    }

    @Test
    void lowersTheLossAndGivesTheSameWeightsForTheSameSeed() throws IOException {
        Trained one = train(temp.resolve("one"), Map.of());
        assertThat(one.steps()).hasSize(4);
        assertThat(one.steps().getLast().loss())
                .isLessThan(0.9 * one.steps().getFirst().loss());
        assertThat(train(temp.resolve("two"), Map.of())).isEqualTo(one);
        assertThat(train(temp.resolve("three"), Map.of("supervised.seed", 2)).sha256())
                .isNotEqualTo(one.sha256());
    }

    @Test
    void passesOfAnyLengthLearnTheSame() throws IOException {
        Trained whole = train(temp.resolve("whole"), Map.of("supervised.steps", 1));
        Trained cut = train(temp.resolve("cut"), Map.of("supervised.steps", 1, "learner.microbatch-tokens", 150));
        assertThat(cut.steps().getFirst().loss())
                .isCloseTo(whole.steps().getFirst().loss(), org.assertj.core.data.Offset.offset(1e-4));
    }

    @Test
    void looksFirstWhereTheMapsAreKnown() throws IOException {
        SupervisedPlan plan = SupervisedPlan.of(config(Map.of("supervised.responses", "look-first")));
        assertThat(plan.items())
                .isNotEmpty()
                .noneMatch(item -> item.kind().equals(QuestionType.PLANNING.wireName()))
                .allSatisfy(item -> assertThat(plan.answers().apply(item))
                        .endsWith(item.reference())
                        .hasSizeGreaterThan(item.reference().length()));
    }

    @Test
    void looksFirstNowhereElse() {
        Config folder = config(
                Map.of("supervised.responses", "look-first", "data.source", "folder", "data.folder", temp.toString()));
        assertThatThrownBy(() -> SupervisedPlan.of(folder))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("railhead.supervised.responses", "generated");
    }

    @Test
    void namesAKindThatIsNone() {
        Config config = config(Map.of("supervised.kinds", List.of("TorF3")));
        assertThatThrownBy(() -> SupervisedPlan.of(config))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("railhead.supervised", "TorF3");
    }

    private static Trained train(Path target, Map<String, Object> more) throws IOException {
        List<SupervisedTraining.Step> steps = new ArrayList<>();
        try (var training = new SupervisedTraining(SupervisedPlan.of(config(more)))) {
            while (!training.finished()) {
                steps.add(training.next());
            }
            training.save(target);
        }
        assertThat(temp.toFile().list()).noneMatch(name -> name.startsWith(".railhead"));
        return new Trained(steps, new WeightsSnapshot(PolicyVersion.BASE, SafetensorsFile.readModel(target)).sha256());
    }

    private static Config config(Map<String, Object> more) {
        Map<String, Object> settings = new TreeMap<>(Map.of(
                "policy.model", model.toString(),
                "data.maps-per-difficulty", 1,
                "data.questions-per-type", 2,
                "supervised.steps", 4,
                "supervised.questions-per-step", 12,
                "supervised.optimizer.learning-rate", 1e-3));
        settings.putAll(more);
        return new LayeredConfig(Optional.of("embedded"), Optional.empty(), List.of(), settings).resolve();
    }
}
