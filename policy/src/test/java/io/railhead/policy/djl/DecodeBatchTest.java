package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.ComputeType;
import io.railhead.policy.EncodedPrompt;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Samples that read their prompt together, beside samples that each read it, of the same cache.
class DecodeBatchTest {
    private static final int TOGETHER = 1;
    private static final int EACH = Integer.MAX_VALUE;

    @TempDir
    Path folder;

    private final TensorScope scope = TensorScope.ofThisThread();
    private final List<Sequence> sequences = new ArrayList<>();
    private GenerationWeights weights;
    private SequenceDecoder decoder;

    @BeforeEach
    void prefill() {
        ModelDirectory model = TinyModel.create(folder);
        var tensors = InitialWeights.random(model.config(), InitialWeights.Style.MIMETIC, 3);
        StoredWeights stored = StoredWeights.of(model.config(), tensors);
        weights = GenerationWeights.of(model.config(), stored, ComputeType.FLOAT32, scope);
        KvCache cache = new KvCache(model.config().text(), 100, ComputeType.FLOAT32, scope);
        PolicyNetwork network = new PolicyNetwork(model.config(), scope);
        decoder = new SequenceDecoder(network, ComputeType.FLOAT32, cache, 200, scope);
        int[] promptTokens = {37, 80, 5, 64}; // one too short for a full block, one that is full blocks
        for (int request = 0; request < promptTokens.length; request++) {
            int[] ids = IntStream.range(0, promptTokens[request])
                    .map(i -> 1 + i % 100)
                    .toArray();
            PromptLayout prompt = PromptLayout.of(new EncodedPrompt(TokenIds.of(ids), List.of()), model.config());
            GenerationRequest asked = new GenerationRequest(
                    "r" + request,
                    new Prompt("p", "", List.of()),
                    request == 3 ? List.of(0) : List.of(0, 1, 2),
                    SamplingParams.plain(20, 1),
                    request);
            PromptGroup group = PromptGroup.admit(new WaitingRequest(asked, prompt), cache);
            ChunkLayout layout = new ChunkLayout(List.of(group.nextChunk(decoder, weights, 200)));
            var hidden = decoder.prefill(scope, weights, layout);
            group.copyTail(scope, cache);
            int[] last =
                    group.sequences().stream().mapToInt(_ -> layout.lastRow(0)).toArray();
            TokenSampler.append(
                    scope, decoder.logits(scope, weights, hidden, last), group.sequences(), PolicyVersion.BASE);
            sequences.addAll(group.sequences());
        }
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private float[] logits(List<Sequence> running, int leastSaved, Sequence of) {
        DecodeBatch batch = new DecodeBatch(running, leastSaved);
        float[] all = decoder.advance(scope, weights, batch).toFloatArray();
        int row = batch.sequences().indexOf(of);
        return Arrays.copyOfRange(all, row * TinyModel.VOCABULARY, (row + 1) * TinyModel.VOCABULARY);
    }

    @Test
    void readingAPromptTogetherGivesWhatReadingItEachGives() {
        SharedPrompts shared = new DecodeBatch(sequences, TOGETHER).shared();
        assertThat(shared.groups()).containsExactly(1, 1);
        assertThat(shared.samples()).containsExactly(3, 3);
        assertThat(shared.blocks()).containsExactlyInAnyOrder(2, 5);
        assertThat(new DecodeBatch(sequences, EACH).shared().blocks()).isEmpty();
        for (Sequence sequence : sequences) {
            assertThat(logits(sequences, TOGETHER, sequence))
                    .containsExactly(logits(sequences, EACH, sequence), within(1e-5f));
        }
    }

    @Test
    void theBitsOfASampleDoNotDependOnWhichOfItsGroupAreLeft() {
        Sequence one = sequences.get(1);
        float[] all = logits(sequences, TOGETHER, one);
        assertThat(logits(List.of(one), TOGETHER, one)).isEqualTo(all);
        assertThat(logits(List.of(sequences.get(5), one, sequences.get(0)), TOGETHER, one))
                .isEqualTo(all);
    }
}
