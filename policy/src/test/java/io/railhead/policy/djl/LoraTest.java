package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.AdapterDirectory;
import io.railhead.policy.AdapterShape;
import io.railhead.policy.ComputeType;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoraTest {
    private static final LoraConfig LORA = new LoraConfig(
            3, 6, List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "qkv", "proj"));
    private static final OptimizerStep STEP = new OptimizerStep(1e-2, 0.9, 0.99, 1e-8, 0.1, 1);

    @TempDir
    Path folder;

    @TempDir
    Path checkpoint;

    private DjlTrainablePolicy policy;
    private List<TrainingRow> rows;

    @BeforeEach
    void open() throws IOException {
        TinyModel.create(folder);
        policy = reopened();
        rows = TinyRows.ragged(policy);
    }

    @AfterEach
    void close() {
        policy.close();
    }

    private DjlTrainablePolicy reopened() throws IOException {
        return DjlTrainablePolicy.open(folder, TestDevice.training().with(LORA));
    }

    @Test
    void theFirstAdaptersAddNothing() throws IOException {
        try (DjlTrainablePolicy base = DjlTrainablePolicy.open(folder, TestDevice.training())) {
            List<float[]> expected = logProbs(base, ParameterSet.TARGET);
            assertThat(logProbs(policy, ParameterSet.TARGET)).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void theReferenceIsTheModelWithoutAdapters() {
        List<float[]> base = logProbs(policy, ParameterSet.REFERENCE);
        train(policy, 2);
        assertThat(logProbs(policy, ParameterSet.REFERENCE)).containsExactlyElementsOf(base);
        policy.freezeReference();
        assertThat(logProbs(policy, ParameterSet.REFERENCE)).containsExactlyElementsOf(base);
        assertThat(logProbs(policy, ParameterSet.TARGET).getFirst()).isNotEqualTo(base.getFirst());
    }

    @Test
    void trainingChangesEveryAdapterAndASnapshotHoldsThemAlone() throws IOException {
        WeightsSnapshot before = policy.snapshot(PolicyVersion.BASE);
        train(policy, 3);
        WeightsSnapshot after = policy.snapshot(PolicyVersion.BASE);
        assertThat(after.tensors())
                .extracting(NamedTensor::name)
                .containsExactlyInAnyOrderElementsOf(
                        AdapterShape.of(TinyModel.create(folder).config(), LORA).stream()
                                .flatMap(adapter -> Stream.of(
                                        adapter.a().name(), adapter.b().name()))
                                .toList());
        assertThat(after.tensors()).doesNotContainAnyElementsOf(before.tensors());
    }

    @Test
    void recomputationGivesTheSameGradients() throws IOException {
        try (DjlTrainablePolicy other =
                DjlTrainablePolicy.open(folder, TestDevice.training().with(LORA).withRecompute(true))) {
            train(policy, 2);
            train(other, 2);
            assertThat(other.snapshot(PolicyVersion.BASE)).isEqualTo(policy.snapshot(PolicyVersion.BASE));
        }
    }

    @Test
    void adaptersOfOneTowerAloneAreTrainedOnWhateverRowsThereAre() throws IOException {
        for (String target : List.of("qkv", "q_proj")) {
            LoraConfig one = new LoraConfig(2, 2, List.of(target));
            try (DjlTrainablePolicy some =
                    DjlTrainablePolicy.open(folder, TestDevice.training().with(one))) {
                WeightsSnapshot before = some.snapshot(PolicyVersion.BASE);
                for (TrainingRow row : rows) {
                    some.accumulate(List.of(row), new WeightedScores(0.1));
                }
                some.step(STEP);
                assertThat(some.snapshot(PolicyVersion.BASE)).isNotEqualTo(before);
            }
        }
    }

    @Test
    void aFrozenVisionTowerKeepsItsAdapters() throws IOException {
        TrainingOptions frozen = TestDevice.training().with(LORA).withVisionFrozen(true);
        try (DjlTrainablePolicy some = DjlTrainablePolicy.open(folder, frozen)) {
            WeightsSnapshot before = some.snapshot(PolicyVersion.BASE);
            train(some, 2);
            for (NamedTensor tensor : some.snapshot(PolicyVersion.BASE).tensors()) {
                assertThat(before.tensors().contains(tensor))
                        .as(tensor.name())
                        .isEqualTo(tensor.name().contains(".visual."));
            }
            some.save(checkpoint);
            some.load(checkpoint);
        }
    }

    @ParameterizedTest
    @EnumSource
    void trainingGoesOnFromASaveBitByBit(ComputeType type) throws IOException {
        TrainingOptions options = TestDevice.training().with(LORA).with(TestDevice.compute(type));
        try (DjlTrainablePolicy one = DjlTrainablePolicy.open(folder, options);
                DjlTrainablePolicy other = DjlTrainablePolicy.open(folder, options)) {
            train(one, 2);
            one.save(checkpoint);
            other.load(checkpoint);
            train(one, 1);
            train(other, 1);
            assertThat(other.snapshot(PolicyVersion.BASE)).isEqualTo(one.snapshot(PolicyVersion.BASE));
        }
    }

    @Test
    void aSavedModelFolderIsTheBaseWithTheAdapters() throws IOException {
        train(policy, 2);
        policy.save(checkpoint);
        Path saved = checkpoint.resolve("model");
        assertThat(SafetensorsFile.readModel(saved)).isEqualTo(SafetensorsFile.readModel(folder));
        try (DjlTrainablePolicy other =
                DjlTrainablePolicy.open(saved, TestDevice.training().with(LORA))) {
            assertThat(logProbs(other, ParameterSet.TARGET))
                    .containsExactlyElementsOf(logProbs(policy, ParameterSet.TARGET));
        }
        assertThatThrownBy(() -> DjlTrainablePolicy.open(saved, TestDevice.training()))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("has adapters");
        LoraConfig otherRank = new LoraConfig(4, 6, LORA.targets());
        assertThatThrownBy(() ->
                        DjlTrainablePolicy.open(saved, TestDevice.training().with(otherRank)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("rank=3")
                .hasMessageContaining("rank=4");
    }

    @ParameterizedTest
    @EnumSource
    void anEngineAppliesASnapshotOfAdaptersToItsBase(ComputeType type) throws IOException {
        ComputeOptions compute = TestDevice.compute(type);
        try (DjlTrainablePolicy trained = DjlTrainablePolicy.open(
                        folder, TestDevice.training().with(LORA).with(compute));
                var engine = DjlGenerationEngine.open(folder, PolicyVersion.BASE, options(compute))) {
            assertThat(mismatch(trained, engine)).isLessThan(1e-3);
            train(trained, 5);
            assertThat(mismatch(trained, engine)).isGreaterThan(1e-2);
            engine.swap(trained.snapshot(new PolicyVersion(1)));
            assertThat(mismatch(trained, engine)).isLessThan(type == ComputeType.FLOAT32 ? 1e-6 : 1e-3);
            trained.save(checkpoint);
        }
        try (DjlTrainablePolicy saved = DjlTrainablePolicy.open(
                        checkpoint.resolve("model"), TestDevice.training().with(LORA));
                var engine = DjlGenerationEngine.open(
                        checkpoint.resolve("model"),
                        PolicyVersion.BASE,
                        TestDevice.engine(EngineLimits.of(4, 128)))) { // the folder says by itself that it has adapters
            assertThat(mismatch(saved, engine)).isLessThan(1e-6);
        }
    }

    @Test
    void adaptersThatDoNotFitAreRefusedByNameAndChangeNothing() throws IOException {
        try (var engine = DjlGenerationEngine.open(
                folder, PolicyVersion.BASE, options(TestDevice.compute(ComputeType.FLOAT32)))) {
            List<NamedTensor> tensors = policy.snapshot(PolicyVersion.BASE).tensors();
            List<NamedTensor> fewer = tensors.subList(1, tensors.size());
            assertThatThrownBy(() -> engine.swap(new WeightsSnapshot(new PolicyVersion(1), fewer)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(tensors.getFirst().name());
            assertThat(engine.version()).isEqualTo(PolicyVersion.BASE);
            assertThat(mismatch(policy, engine)).isLessThan(1e-6);
        }
    }

    @Test
    void anUnknownTargetIsNamedWithTheKnownOnes() {
        LoraConfig wrong = new LoraConfig(2, 2, List.of("q_proj", "query"));
        assertThatThrownBy(() ->
                        DjlTrainablePolicy.open(folder, TestDevice.training().with(wrong)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("LoRA targets [query]")
                .hasMessageContaining("q_proj");
    }

    @Test
    void savedAdaptersAreReadAsTheyWere() throws IOException {
        train(policy, 1);
        policy.save(checkpoint);
        AdapterDirectory read = AdapterDirectory.read(
                checkpoint.resolve("model/adapter"), TinyModel.create(folder).config());
        assertThat(read.lora().targets()).containsExactlyInAnyOrderElementsOf(LORA.targets());
        assertThat(new WeightsSnapshot(PolicyVersion.BASE, read.tensors()))
                .isEqualTo(policy.snapshot(PolicyVersion.BASE));
    }

    private static EngineOptions options(ComputeOptions compute) {
        return TestDevice.engine(EngineLimits.of(4, 128)).with(compute).with(LORA);
    }

    private void train(DjlTrainablePolicy trained, int steps) {
        for (int i = 0; i < steps; i++) {
            trained.accumulate(rows, new WeightedScores(0.1));
            trained.step(STEP);
        }
    }

    private List<float[]> logProbs(DjlTrainablePolicy scoring, ParameterSet parameters) {
        return scoring.score(rows, parameters).stream()
                .map(TokenScores::logProbs)
                .toList();
    }

    /// The mean of exp(d) - 1 - d over some generated tokens, where d is what training says less what generation
    /// says.
    private static double mismatch(DjlTrainablePolicy scoring, DjlGenerationEngine engine) {
        Prompt prompt = new Prompt("p", "Which line?", List.of(TinyModel.picture(16, 24, 3)));
        engine.submit(new GenerationRequest("r", prompt, List.of(0, 1, 2), SamplingParams.plain(12, 1), 8));
        List<FinishedSequence> finished = new ArrayList<>();
        while (engine.pending() > 0) {
            finished.addAll(engine.step());
        }
        double sum = 0;
        int tokens = 0;
        for (FinishedSequence one : finished) {
            TrainingRow row = new TrainingRow(
                    one.promptTokens(), prompt.images(), List.of(one.response().ids()));
            float[] trained =
                    scoring.score(List.of(row), ParameterSet.TARGET).getFirst().logProbs();
            for (int i = 0; i < trained.length; i++) {
                double d = (double) trained[i] - one.response().behaviourLogProbs()[i];
                sum += Math.expm1(d) - d;
                tokens++;
            }
        }
        return sum / tokens;
    }
}
