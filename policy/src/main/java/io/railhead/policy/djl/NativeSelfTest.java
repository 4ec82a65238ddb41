package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.ComputeType;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.EncodedPrompt;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.InitialAdapters;
import io.railhead.policy.InitialWeights;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TextConfig;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.vision.TransformerTower;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Runs every operator once on a model of a few hundred weights: generation, training pass, optimiser step.
///
/// Calling TorchScript with gradients is no documented feature of DJL, so a process makes sure of it before it
/// starts: the operators compile, what generation reports equals what training computes, and a gradient arrives.
public final class NativeSelfTest {
    private static final EncodedImage IMAGE = EncodedImage.of(new byte[] {0}); // stands for the picture
    private static final PolicyConfig CONFIG = new PolicyConfig(
            new TextConfig(8, 8, 8, 1, 2, 1, 4, 10_000, List.of(1, 1, 0), 1e-6, 64),
            new TransformerTower(2, 8, 8, 2, 2, 1, 2, 8, List.of(1), 8, 1),
            3,
            6,
            4,
            5,
            true,
            "float32");

    private static final LoraConfig LORA = new LoraConfig(2, 4, List.of("q_proj", "up_proj", "qkv", "proj"));

    private static final Set<ComputeOptions> PASSED = new HashSet<>();

    private NativeSelfTest() {}

    /// @throws IllegalStateException if a result is wrong; the native library's own exception if an
    ///     operator is missing
    /// @throws DeviceMissingException if the machine does not have the device
    public static void run(ComputeOptions options) throws DeviceMissingException {
        try (TensorScope scope = TensorScope.ofThisThread(options.device())) {
            new Run(scope, options.type(), Optional.empty()).run();
            new Run(scope, options.type(), Optional.of(LORA)).run();
        }
    }

    /// Runs the test at the first call in a process; later calls return at once.
    ///
    /// @throws DeviceMissingException if the machine does not have the device
    public static void ensurePassed(ComputeOptions options) throws DeviceMissingException {
        synchronized (PASSED) {
            if (!PASSED.contains(options)) {
                run(options);
                PASSED.add(options);
            }
        }
    }

    private static double tolerance(ComputeType type) {
        return switch (type) {
            case FLOAT32 -> 1e-3;
            case BFLOAT16 -> 1e-1;
        };
    }

    private static final class Run {
        private final TensorScope scope;
        private final ComputeType type;
        private final Optional<LoraConfig> lora;
        private final PolicyNetwork network;
        private final Weights weights;
        private final NamedArrays trained;
        private final PatchGrid picture; // 2 x 3 visual tokens in windows of 2 x 2, so that segments are ragged
        private final TokenIds prompt = TokenIds.of(1, 3, 3, 3, 3, 3, 3, 2);

        Run(TensorScope scope, ComputeType type, Optional<LoraConfig> lora) {
            this.scope = scope;
            this.type = type;
            this.lora = lora;
            this.network = new PolicyNetwork(CONFIG, scope);
            List<NamedTensor> drawn = InitialWeights.random(CONFIG, InitialWeights.Style.MIMETIC, 1);
            if (lora.isPresent()) {
                List<NamedTensor> start = InitialAdapters.random(CONFIG, lora.get(), 1);
                Adapters adapters = Adapters.inTraining(CONFIG, lora.get(), start, type, name -> true, scope);
                this.weights = Weights.of(CONFIG, drawn, type, scope).with(adapters);
                this.trained = adapters.arrays();
            } else {
                this.weights = Weights.inTraining(CONFIG, drawn, type, name -> true, scope);
                this.trained = weights.arrays();
            }
            float[] patches = new float[4 * 6 * CONFIG.vision().patchLength()];
            for (int i = 0; i < patches.length; i++) {
                patches[i] = (float) Math.sin(i);
            }
            this.picture = new PatchGrid(patches, 1, 4, 6);
        }

        void run() {
            List<SampledTokens> generated = generate();
            AdamW optimizer = new AdamW(trained.masters(), scope);
            train(generated, TrainingOptions.DEFAULT);
            train(generated, TrainingOptions.DEFAULT.withRecompute(true).withHeadTokens(1));
            double norm = optimizer.apply(new OptimizerStep(1e-3, 0.9, 0.99, 1e-8, 0.1, 1), scope);
            trained.roundMasters();
            require(norm > 0 && Double.isFinite(norm), "a gradient arrives at the weights");
        }

        private List<SampledTokens> generate() {
            GenerationRequest plain = request(List.of(0, 1), SamplingParams.plain(2, 0.9));
            GenerationRequest truncated = request(List.of(0), new SamplingParams(2, 1, 0.9, 3));
            PromptLayout layout = PromptLayout.of(new EncodedPrompt(prompt, List.of(picture)), CONFIG);
            KvCache cache = new KvCache(CONFIG.text(), 3, type, scope);
            SequenceDecoder decoder = new SequenceDecoder(network, type, cache, 16, scope);
            GenerationWeights packed = GenerationWeights.of(
                    CONFIG, StoredWeights.of(CONFIG, weights.arrays().tensors()), type, scope);
            lora.ifPresent(adapters -> packed.adapt(adapters, trained.tensors()));
            PromptGroup pair = PromptGroup.admit(new WaitingRequest(plain, layout), cache);
            PromptGroup single = PromptGroup.admit(new WaitingRequest(truncated, layout), cache);
            Chunk firstHalf = pair.nextChunk(decoder, packed, 4);
            decoder.prefill(scope, packed, new ChunkLayout(List.of(firstHalf)));
            ChunkLayout rest = new ChunkLayout(
                    List.of(pair.nextChunk(decoder, packed, 16), single.nextChunk(decoder, packed, 16)));
            NDArray hidden = decoder.prefill(scope, packed, rest);
            pair.copyTail(scope, cache);
            List<Sequence> sequences = new ArrayList<>(pair.sequences());
            sequences.addAll(single.sequences());
            int[] lastRows = {rest.lastRow(0), rest.lastRow(0), rest.lastRow(1)};
            TokenSampler.append(scope, decoder.logits(scope, packed, hidden, lastRows), sequences, PolicyVersion.BASE);
            DecodeBatch batch = decoder.batch(sequences);
            TokenSampler.append(scope, decoder.advance(scope, packed, batch), batch.sequences(), PolicyVersion.BASE);
            return sequences.subList(0, 2).stream().map(Sequence::sampled).toList();
        }

        private void train(List<SampledTokens> generated, TrainingOptions options) {
            TrainingRow row = new TrainingRow(
                    prompt,
                    List.of(IMAGE),
                    generated.stream().map(SampledTokens::ids).toList());
            RowBatch batch = RowBatch.of(List.of(row), CONFIG, image -> picture);
            TrainingPass pass = TrainingPass.forward(scope, network, weights, options.withTemperature(0.9), batch);
            List<TokenScores> scores = pass.scores();
            List<float[]> gradients = new ArrayList<>();
            for (int i = 0; i < generated.size(); i++) {
                float[] trained = scores.get(i).logProbs();
                float[] sampled = generated.get(i).behaviourLogProbs();
                for (int t = 0; t < trained.length; t++) {
                    boolean same = Math.abs(trained[t] - sampled[t]) < tolerance(type);
                    require(same, "training computes the log-probabilities of generation");
                }
                gradients.add(sampled);
            }
            pass.backward(new TokenGradients(0, gradients, gradients));
        }

        private static GenerationRequest request(List<Integer> samples, SamplingParams sampling) {
            return new GenerationRequest("self-test", new Prompt("self-test", "", List.of()), samples, sampling, 1);
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("the native self-test failed: not true that " + what);
        }
    }
}
