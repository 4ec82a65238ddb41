package io.railhead.app.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.cluster.Role;
import io.railhead.app.CommandRun;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.WeightsSnapshot;
import io.railhead.policy.djl.DjlTrainablePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryPlanTest {
    private static final long HEAP = 1 << 20;
    private static final Set<Role> ALL = EnumSet.allOf(Role.class);

    @TempDir
    private Path temp;

    private Path model = Path.of("");

    @BeforeEach
    void model() throws IOException {
        model = RandomModel.in(temp.resolve("model"), 11);
    }

    /// What a policy is in truth: its snapshot's tensors, and its optimiser's file.
    @Test
    void weightsMomentsAndVersionsAreAsLargeAsThoseOfAPolicy() throws IOException {
        RunPlan plan = plan(Map.of("policy.vision-frozen", true));
        try (DjlTrainablePolicy policy = DjlTrainablePolicy.open(model, plan.training())) {
            WeightsSnapshot snapshot = policy.snapshot(PolicyVersion.BASE);
            policy.save(temp.resolve("saved"));
            long moments = SafetensorsFile.read(temp.resolve("saved/optimizer.safetensors")).tensors().stream()
                    .filter(tensor -> tensor.name().contains("moment"))
                    .mapToLong(NamedTensor::byteCount)
                    .sum();
            assertThat(bytes(plan, ALL))
                    .containsEntry("learner: weights", snapshot.byteCount())
                    .containsEntry("learner: moments of the optimiser", moments)
                    .containsEntry("learner: gradients", moments / 2)
                    .containsEntry("versions of the weights that are kept", 3 * snapshot.byteCount())
                    .containsEntry("heap of the JVM", HEAP);
        }
    }

    @Test
    void roundedWeightsHaveMastersBesideThem() throws IOException {
        Map<String, Long> full = bytes(plan(Map.of("policy.vision-frozen", false)), ALL);
        Map<String, Long> rounded =
                bytes(plan(Map.of("policy.vision-frozen", false, "policy.compute", "bfloat16")), ALL);
        long weights = requireNonNull(full.get("learner: weights"));
        assertThat(rounded)
                .containsEntry("learner: weights", weights * 6 / 4)
                .containsEntry("learner: moments of the optimiser", 2 * weights)
                .containsEntry(
                        "engine: cache of keys and values",
                        requireNonNull(full.get("engine: cache of keys and values")) / 2);
    }

    @Test
    void adaptersAreAllThatIsTrainedOfThem() throws IOException {
        Map<String, Long> full = bytes(plan(Map.of()), ALL);
        Map<String, Long> adapted = bytes(plan(Map.of("policy.lora.rank", 4, "learner.kl-coefficient", 0.1)), ALL);
        assertThat(requireNonNull(adapted.get("learner: moments of the optimiser")))
                .isLessThan(requireNonNull(full.get("learner: moments of the optimiser")) / 4);
        assertThat(adapted).doesNotContainKey("learner: reference policy");
    }

    @Test
    void aReferenceAndACopyToRollBackToAreOwners() throws IOException {
        RunPlan plan = plan(Map.of(
                "learner.kl-coefficient", 0.1, "learner.epochs", 2, "learner.trouble.not-finite-loss", "roll-back"));
        assertThat(bytes(plan, EnumSet.of(Role.LEARNER)))
                .containsKeys("learner: reference policy", "learner: copy to roll back to")
                .doesNotContainKeys("engine: weights");
    }

    @Test
    void aNodeWithoutWeightsHasItsHeapOnly() throws IOException {
        assertThat(bytes(plan(Map.of()), EnumSet.of(Role.CONTROLLER, Role.REWARD)))
                .containsExactly(Map.entry("heap of the JVM", HEAP));
    }

    @Test
    void whatDoesNotFitIsRefusedWithTheNumbers() throws IOException {
        MemoryPlan plan = MemoryPlan.of(plan(Map.of("policy.cache-tokens", 1 << 30)), ALL, HEAP);
        plan.requireFitting(_ -> Optional.of(Long.MAX_VALUE));
        plan.requireFitting(_ -> Optional.empty());
        assertThatThrownBy(() -> plan.requireFitting(_ -> Optional.of(1L << 30)))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("the run needs ")
                .hasMessageContaining("MiB of memory on cpu, and there are 1,024.0 MiB")
                .hasMessageContaining("engine: cache of keys and values  (policy.cache-tokens)");
    }

    @Test
    void eachDeviceIsHeldAgainstItsOwnMemory() {
        MemoryPlan plan = new MemoryPlan(List.of(
                new MemoryPlan.Owner("cpu", "heap of the JVM", 3L << 20, "-Xmx"),
                new MemoryPlan.Owner("cuda:1", "engine: weights", 2L << 20, "policy.compute")));
        plan.requireFitting(device -> Optional.of(device.equals("cpu") ? 3L << 20 : 2L << 20));
        assertThatThrownBy(() -> plan.requireFitting(device -> Optional.of(device.equals("cpu") ? 3L << 20 : 1L << 20)))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("the run needs 2.0 MiB of memory on cuda:1, and there are 1.0 MiB");
    }

    @Test
    void supervisedTrainingNeedsWhatItTrainsAndAnEngine() throws IOException {
        RunPlan plan = plan(Map.of());
        assertThat(MemoryPlan.supervised(
                                plan.model().model().config(),
                                plan.training(),
                                plan.policy().engine(),
                                HEAP)
                        .owners())
                .extracting(MemoryPlan.Owner::what)
                .containsExactly(
                        "learner: weights",
                        "learner: gradients",
                        "learner: moments of the optimiser",
                        "engine: weights",
                        "engine: cache of keys and values",
                        "versions of the weights that are kept",
                        "heap of the JVM");
    }

    @Test
    void supervisedTrainingThatDoesNotFitEndsWithStatusTwo() {
        CommandRun ended =
                CommandRun.of("sft", temp.resolve("run").toString(), "--set", "policy.cache-tokens=1073741824");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("the run needs ").contains("policy.cache-tokens");
        assertThat(temp.resolve("run")).doesNotExist();
    }

    @Test
    void aRunThatDoesNotFitEndsWithStatusTwoAndWritesNothing() {
        Path run = temp.resolve("run");
        CommandRun ended =
                CommandRun.of("train", "--run-dir", run.toString(), "--set", "policy.cache-tokens=1073741824");
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("the run needs ").contains("policy.cache-tokens");
        assertThat(run).doesNotExist();
    }

    private RunPlan plan(Map<String, Object> more) throws IOException {
        return SmallRun.of(model, temp.resolve("unused"), more).plan();
    }

    private static Map<String, Long> bytes(RunPlan plan, Set<Role> roles) {
        return MemoryPlan.of(plan, roles, HEAP).owners().stream()
                .collect(Collectors.toMap(MemoryPlan.Owner::what, MemoryPlan.Owner::bytes));
    }
}
