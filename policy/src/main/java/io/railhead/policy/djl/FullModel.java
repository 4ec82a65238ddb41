package io.railhead.policy.djl;

import io.railhead.policy.ComputeType;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.ParameterShape;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.vision.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A policy whose weights themselves are trained, all or all but those of the vision tower.
final class FullModel implements TrainedModel {
    private final ModelDirectory model;
    private final TrainingOptions options;
    private final TensorScope owner;
    private final Weights target;
    private @Nullable Weights reference;

    private FullModel(ModelDirectory model, TrainingOptions options, TensorScope owner, Weights target) {
        this.model = model;
        this.options = options;
        this.owner = owner;
        this.target = target;
    }

    /// @throws InvalidModelException if the folder's weights are not those of its model, or there are adapters beside
    ///     them
    static FullModel open(ModelDirectory model, TrainingOptions options, TensorScope owner) throws IOException {
        if (model.adapters().isPresent()) {
            throw new InvalidModelException(
                    model.path(), "has adapters: train with LoRA, or export the model with the adapters merged first");
        }
        try {
            Weights target = Weights.inTraining(
                    model.config(), model.weights(), options.compute().type(), name -> trains(options, name), owner);
            return new FullModel(model, options, owner, target);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(model.path(), String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean trains(TrainingOptions options, String name) {
        return !Weight.isStatistic(name) && (!options.visionFrozen() || !name.startsWith(ParameterShape.VISION));
    }

    @Override
    public Weights weights(ParameterSet parameters) {
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

    @Override
    public NamedArrays trained() {
        return target.arrays();
    }

    @Override
    public boolean trainsVision() {
        return !options.visionFrozen();
    }

    @Override
    public void freezeReference() {
        if (reference == null) {
            reference = target.copy(owner);
        } else {
            reference.arrays().assign(target.arrays());
        }
    }

    @Override
    public void save(Path folder) throws IOException {
        model.copyCompanions(folder);
        SafetensorsFile.write(
                folder.resolve(SafetensorsFile.SINGLE), target.arrays().tensors(), Map.of("format", "pt"));
    }

    @Override
    public boolean savesRounded() {
        return options.compute().type() != ComputeType.FLOAT32;
    }

    @Override
    public Runnable load(Path folder) throws IOException {
        try {
            return target.arrays().replacement(StoredWeights.of(model.config(), SafetensorsFile.readModel(folder)));
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(folder, String.valueOf(e.getMessage()), e);
        }
    }
}
