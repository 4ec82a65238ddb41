package io.railhead.policy.djl;

import io.railhead.policy.AdapterDirectory;
import io.railhead.policy.InitialAdapters;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.ParameterSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A policy that trains adapters beside weights that stay as they are, and lie on the model's file where their type
/// allows. Without the adapters the same weights are the reference.
final class LoraModel implements TrainedModel {
    private static final long SEED = 0;

    private final ModelDirectory model;
    private final LoraConfig lora;
    private final Weights base;
    private final Weights target;
    private final Adapters adapters;
    private final boolean trainsVision;

    private LoraModel(ModelDirectory model, LoraConfig lora, Weights base, Adapters adapters) {
        this.model = model;
        this.lora = lora;
        this.base = base;
        this.adapters = adapters;
        this.target = base.with(adapters);
        this.trainsVision = adapters.arrays().masters().keySet().stream().anyMatch(LoraModel::inVision);
    }

    /// Begins with the adapters of the model folder, or else with such as add nothing.
    ///
    /// @throws InvalidModelException if the folder's weights are not those of its model, or its adapters are not
    ///     those of `lora`
    static LoraModel open(ModelDirectory model, TrainingOptions options, LoraConfig lora, TensorScope owner)
            throws IOException {
        Optional<AdapterDirectory> given = model.adapters();
        if (given.isPresent()) {
            requireSame(lora, given.get().lora(), model.path());
        }
        try {
            List<NamedTensor> start =
                    given.isPresent() ? given.get().tensors() : InitialAdapters.random(model.config(), lora, SEED);
            Weights base = Weights.sharing(
                    model.config(), model.weights(), options.compute().type(), owner);
            Adapters adapters = Adapters.inTraining(
                    model.config(),
                    lora,
                    start,
                    options.compute().type(),
                    name -> !options.visionFrozen() || !inVision(name),
                    owner);
            return new LoraModel(model, lora, base, adapters);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(model.path(), String.valueOf(e.getMessage()), e);
        }
    }

    private static boolean inVision(String adapter) {
        return adapter.contains(".visual.");
    }

    /// @throws InvalidModelException if the two say different things
    static void requireSame(LoraConfig wanted, LoraConfig found, Path folder) throws InvalidModelException {
        boolean same = wanted.rank() == found.rank()
                && wanted.alpha() == found.alpha()
                && Set.copyOf(wanted.targets()).equals(Set.copyOf(found.targets()));
        if (!same) {
            throw new InvalidModelException(folder, "has adapters of " + found + ", but " + wanted + " is asked for");
        }
    }

    @Override
    public Weights weights(ParameterSet parameters) {
        return switch (parameters) {
            case TARGET -> target;
            case REFERENCE -> base;
        };
    }

    @Override
    public NamedArrays trained() {
        return adapters.arrays();
    }

    @Override
    public boolean trainsVision() {
        return trainsVision;
    }

    /// Nothing to do: the reference is the model without adapters, from the first step on and forever.
    @Override
    public void freezeReference() {}

    @Override
    public void save(Path folder) throws IOException {
        model.copyBase(folder);
        Path adapter = Files.createDirectories(folder.resolve(AdapterDirectory.NAME));
        List<NamedTensor> tensors = adapters.arrays().masterTensors();
        new AdapterDirectory(lora, complete(tensors))
                .write(adapter, model.basePath().toString());
    }

    /// With those that are not trained.
    private List<NamedTensor> complete(List<NamedTensor> masters) {
        return adapters.arrays().tensors().stream()
                .map(tensor -> masters.stream()
                        .filter(master -> master.name().equals(tensor.name()))
                        .findAny()
                        .orElse(tensor))
                .toList();
    }

    @Override
    public boolean savesRounded() {
        return false;
    }

    @Override
    public Runnable load(Path folder) throws IOException {
        AdapterDirectory saved = AdapterDirectory.read(folder.resolve(AdapterDirectory.NAME), model.config());
        requireSame(lora, saved.lora(), folder);
        return adapters.arrays().replacement(StoredWeights.ofAdapters(model.config(), lora, saved.tensors()));
    }
}
