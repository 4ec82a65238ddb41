package io.railhead.policy.djl;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.PromptEncoder;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.VisualLabel;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A Qwen2.5-VL policy in training. Passes compute in 32 or 16 bits; the optimiser, the weights that it changes and
/// the sums of gradients have 32.
///
/// Every pass lives in one tensor scope, so native memory is flat between passes. Gradients collect in the weights'
/// own native buffers until `step`.
public final class DjlTrainablePolicy implements TrainablePolicy {
    private static final String MODEL = "model";
    private static final String OPTIMIZER = "optimizer.safetensors";

    private final PolicyConfig config;
    private final TrainingOptions options;
    private final DjlTokenizer tokenizer;
    private final PromptEncoder encoder;
    private final PictureCache pictures;
    private final TensorScope owner;
    private final PolicyNetwork network;
    private final TrainedModel trained;
    private final AdamW optimizer;
    private final FeatureCache referenceFeatures;
    private boolean accumulated;

    private DjlTrainablePolicy(
            ModelDirectory model,
            TrainingOptions options,
            DjlTokenizer tokenizer,
            TensorScope owner,
            TrainedModel trained) {
        this.config = model.config();
        this.options = options.withVisionFrozen(!trained.trainsVision());
        this.tokenizer = tokenizer;
        this.pictures = new PictureCache(model.imageProcessor());
        this.encoder = model.encoder(tokenizer, pictures::patches);
        this.owner = owner;
        this.network = new PolicyNetwork(config, owner);
        this.trained = trained;
        this.optimizer = new AdamW(trained.trained().masters(), owner);
        this.referenceFeatures = new FeatureCache(network, owner);
    }

    /// Opens a model folder in Hugging Face layout. The calling thread alone may use the policy.
    ///
    /// @throws InvalidModelException if the folder is no model that this policy computes
    /// @throws DeviceMissingException if the machine does not have the device of the options
    public static DjlTrainablePolicy open(Path modelDirectory, TrainingOptions options) throws IOException {
        NativeSelfTest.ensurePassed(options.compute());
        ModelDirectory model = ModelDirectory.open(modelDirectory);
        DjlTokenizer tokenizer = DjlTokenizer.open(model.tokenizerFile());
        TensorScope owner = TensorScope.ofThisThread(options.compute().device());
        try {
            TrainedModel trained = options.lora().isPresent()
                    ? LoraModel.open(model, options, options.lora().get(), owner)
                    : FullModel.open(model, options, owner);
            return new DjlTrainablePolicy(model, options, tokenizer, owner, trained);
        } catch (IOException e) {
            owner.close();
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public List<TokenScores> score(List<TrainingRow> rows, ParameterSet parameters) {
        RowBatch batch = RowBatch.of(rows, config, pictures::patches);
        return NativeFailures.within(() -> score(batch, parameters).byContinuation());
    }

    @Override
    public double accumulate(List<TrainingRow> rows, TokenObjective objective) {
        RowBatch batch = RowBatch.of(rows, config, pictures::patches);
        return NativeFailures.within(() -> accumulate(batch, objective));
    }

    private double accumulate(RowBatch batch, TokenObjective objective) {
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            TrainingPass pass = TrainingPass.forward(scope, network, weights(ParameterSet.TARGET), options, batch);
            TokenGradients gradients = objective.gradients(pass.scores());
            pass.backward(gradients);
            accumulated = true;
            return gradients.loss();
        }
    }

    /// Adds the gradients of the vision tower's supervised alignment: for each picture, the words that its visual
    /// tokens show. Returns the loss, a mean over the labelled visual tokens times `weight`.
    public double align(List<EncodedImage> images, List<List<VisualLabel>> labels, double weight) {
        List<PatchGrid> grids = images.stream().map(pictures::patches).toList();
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            BlockChain tower = new BlockChain(scope, TrainingPass.keepOfTower(options), false);
            float loss = VisionAlignment.accumulate(
                    tower, options.statistics(), network, weights(ParameterSet.TARGET), grids, labels, weight);
            accumulated = true;
            return loss;
        }
    }

    @Override
    public double step(OptimizerStep step) {
        if (!accumulated) {
            throw new IllegalStateException("a step needs gradients: call accumulate first");
        }
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            accumulated = false;
            double norm = optimizer.apply(step, scope);
            trained.trained().roundMasters();
            return norm;
        }
    }

    @Override
    public void discard() {
        accumulated = false;
        optimizer.clearGradients();
    }

    @Override
    public Runnable keep() {
        List<NamedTensor> state = optimizer.tensors(true);
        return () -> {
            try (TensorScope scope = TensorScope.within(owner.manager())) {
                optimizer.restore(state, scope).run();
                trained.trained().roundMasters();
            }
        };
    }

    @Override
    public TokenIds tokenize(Prompt prompt) {
        return encoder.encode(prompt).tokens();
    }

    @Override
    public void freezeReference() {
        trained.freezeReference();
        referenceFeatures.clear();
    }

    @Override
    public WeightsSnapshot snapshot(PolicyVersion version) {
        return new WeightsSnapshot(version, trained.trained().tensors());
    }

    @Override
    public void save(Path directory) throws IOException {
        trained.save(Files.createDirectories(directory.resolve(MODEL)));
        SafetensorsFile.write(directory.resolve(OPTIMIZER), optimizer.tensors(trained.savesRounded()), Map.of());
        NativeAllocator.trim(); // seldom enough here for what it costs
    }

    @Override
    public void load(Path directory) throws IOException {
        Path file = directory.resolve(OPTIMIZER);
        List<NamedTensor> state = SafetensorsFile.read(file).tensors();
        Runnable restoreWeights = trained.load(directory.resolve(MODEL));
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            Runnable restoreState = optimizer.restore(state, scope);
            restoreWeights.run();
            restoreState.run(); // and masters, of which the weights are only the rounded values
            trained.trained().roundMasters();
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(file, String.valueOf(e.getMessage()), e);
        }
        optimizer.clearGradients();
        accumulated = false;
    }

    @Override
    public void close() {
        owner.close();
        tokenizer.close();
    }

    int nativeArrays() {
        return owner.manager().getManagedArrays().size();
    }

    Weights weights(ParameterSet parameters) {
        return trained.weights(parameters);
    }

    /// Log-probability of every token but the first given all before it, image placeholders included, by the target
    /// weights.
    ///
    /// @throws io.railhead.policy.PromptRejectedException if placeholders and pictures do not match
    public float[] logProbs(TokenIds tokens, List<EncodedImage> images) {
        RowBatch batch = RowBatch.ofWhole(
                tokens, config, images.stream().map(pictures::patches).toList());
        return score(batch, ParameterSet.TARGET).logProbs();
    }

    private BatchScores score(RowBatch batch, ParameterSet parameters) {
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            Weights weights = weights(parameters);
            return switch (parameters) {
                case TARGET -> TrainingPass.score(scope, network, weights, options, batch);
                case REFERENCE -> TrainingPass.score(scope, network, weights, options, batch, referenceFeatures);
            };
        } finally {
            referenceFeatures.trim();
        }
    }
}
