package io.railhead.policy.djl;

import io.railhead.policy.ComputeType;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A Qwen2.5-VL policy in training. Passes compute in 32 or 16 bits; the optimiser, the weights that it changes and
/// the sums of gradients have 32.
///
/// Every pass lives in one tensor scope, so native memory is flat between passes. Gradients collect in the weights'
/// own native buffers until `step`.
public final class DjlTrainablePolicy implements TrainablePolicy {
    private static final String MODEL = "model";
    private static final String WEIGHTS = "model.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";

    private final ModelDirectory model;
    private final PolicyConfig config;
    private final TrainingOptions options;
    private final DjlTokenizer tokenizer;
    private final PromptEncoder encoder;
    private final PictureCache pictures;
    private final TensorScope owner;
    private final PolicyNetwork network;
    private final Weights target;
    private final AdamW optimizer;
    private @Nullable Weights reference;
    private boolean accumulated;

    private DjlTrainablePolicy(
            ModelDirectory model, TrainingOptions options, DjlTokenizer tokenizer, TensorScope owner, Weights target) {
        this.model = model;
        this.config = model.config();
        this.options = options;
        this.tokenizer = tokenizer;
        this.pictures = new PictureCache(model.imageProcessor());
        this.encoder = model.encoder(tokenizer, pictures::patches);
        this.owner = owner;
        this.network = new PolicyNetwork(config, owner);
        this.target = target;
        this.optimizer = new AdamW(target.masters(), owner);
    }

    /// Opens a model folder in Hugging Face layout. The calling thread alone may use the policy.
    ///
    /// @throws InvalidModelException if the folder is no model that this policy computes
    public static DjlTrainablePolicy open(Path modelDirectory, TrainingOptions options) throws IOException {
        NativeSelfTest.ensurePassed(options.compute().type());
        ModelDirectory model = ModelDirectory.open(modelDirectory);
        List<NamedTensor> tensors = model.weights();
        DjlTokenizer tokenizer = DjlTokenizer.open(model.tokenizerFile());
        TensorScope owner = TensorScope.ofThisThread();
        try {
            Weights target = Weights.inTraining(
                    model.config(),
                    tensors,
                    options.compute().type(),
                    name -> !options.visionFrozen() || !name.startsWith("visual."),
                    owner);
            return new DjlTrainablePolicy(model, options, tokenizer, owner, target);
        } catch (IllegalArgumentException e) {
            owner.close();
            tokenizer.close();
            throw new InvalidModelException(model.path(), String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public List<TokenScores> score(List<TrainingRow> rows, ParameterSet parameters) {
        return score(RowBatch.of(rows, config, pictures::patches), weights(parameters))
                .byContinuation();
    }

    @Override
    public double accumulate(List<TrainingRow> rows, TokenObjective objective) {
        RowBatch batch = RowBatch.of(rows, config, pictures::patches);
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            TrainingPass pass = TrainingPass.forward(scope, network, target, options, batch);
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
            float loss = VisionAlignment.accumulate(tower, network, target, grids, labels, weight);
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
            target.roundMasters();
            return norm;
        }
    }

    @Override
    public TokenIds tokenize(Prompt prompt) {
        return encoder.encode(prompt).tokens();
    }

    @Override
    public void freezeReference() {
        if (reference == null) {
            reference = target.copy(config, owner);
        } else {
            reference.assign(target);
        }
    }

    @Override
    public WeightsSnapshot snapshot(PolicyVersion version) {
        return new WeightsSnapshot(version, target.tensors());
    }

    @Override
    public void save(Path directory) throws IOException {
        Path folder = Files.createDirectories(directory.resolve(MODEL));
        model.copyCompanions(folder);
        SafetensorsFile.write(folder.resolve(WEIGHTS), target.tensors(), Map.of("format", "pt"));
        SafetensorsFile.write(
                directory.resolve(OPTIMIZER),
                optimizer.tensors(options.compute().type() != ComputeType.FLOAT32),
                Map.of());
    }

    @Override
    public void load(Path directory) throws IOException {
        Path folder = directory.resolve(MODEL);
        Path file = directory.resolve(OPTIMIZER);
        List<NamedTensor> weights = SafetensorsFile.readModel(folder);
        List<NamedTensor> moments = SafetensorsFile.read(file).tensors();
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            Runnable restoreMoments = checked(file, () -> optimizer.restore(moments, scope));
            Runnable restoreWeights = checked(folder, () -> target.replacement(config, weights));
            restoreWeights.run();
            restoreMoments.run(); // and masters, of which the weights are only the rounded values
            target.roundMasters();
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
        return switch (parameters) {
            case TARGET -> target;
            case REFERENCE -> {
                if (reference == null) {
                    throw new IllegalStateException("no reference policy: call freezeReference first");
                }
                yield reference;
            }
        };
    }

    /// Log-probability of every token but the first given all before it, image placeholders included, by the target
    /// weights.
    ///
    /// @throws io.railhead.policy.PromptRejectedException if placeholders and pictures do not match
    public float[] logProbs(TokenIds tokens, List<EncodedImage> images) {
        RowBatch batch = RowBatch.ofWhole(
                tokens, config, images.stream().map(pictures::patches).toList());
        return score(batch, target).logProbs();
    }

    private BatchScores score(RowBatch batch, Weights weights) {
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            return TrainingPass.score(scope, network, weights, options, batch);
        }
    }

    private static Runnable checked(Path file, Supplier<Runnable> check) throws InvalidModelException {
        try {
            return check.get();
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(file, String.valueOf(e.getMessage()), e);
        }
    }
}
