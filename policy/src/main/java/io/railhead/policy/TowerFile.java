package io.railhead.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The weights of a convolutional network as torchvision names them, `features.0.0.weight` and so on, for a tower
/// of the same shape. What a tower does not have is left out: the classifier, blocks behind its last one or that
/// attention stands for, counts of batches.
public final class TowerFile {
    private static final String FEATURES = "features.";
    private static final String ATTENTION = ".ulsam.";

    private TowerFile() {}

    /// The weights of a model with those of the file in the place of its vision tower's. Attention and merger stay as
    /// they are.
    ///
    /// @throws InvalidModelException if a weight of the tower is missing in the file, or has another shape there
    public static List<NamedTensor> over(List<NamedTensor> model, Path file) throws IOException {
        Map<String, NamedTensor> given = new LinkedHashMap<>();
        for (NamedTensor tensor : SafetensorsFile.read(file).tensors()) {
            given.put(tensor.name(), tensor);
        }
        List<NamedTensor> together = new ArrayList<>();
        for (NamedTensor tensor : model) {
            String name = tensor.name().startsWith(ParameterShape.VISION)
                    ? tensor.name().substring(ParameterShape.VISION.length())
                    : "";
            boolean ofNetwork = name.startsWith(FEATURES) && !name.contains(ATTENTION);
            together.add(ofNetwork ? taken(file, given, name, tensor) : tensor);
        }
        return List.copyOf(together);
    }

    private static NamedTensor taken(Path file, Map<String, NamedTensor> given, String name, NamedTensor like)
            throws InvalidModelException {
        NamedTensor tensor = given.get(name);
        if (tensor == null) {
            throw new InvalidModelException(file, "weight " + name + " is missing");
        }
        if (!tensor.shape().equals(like.shape())) {
            throw new InvalidModelException(
                    file, "weight %s has shape %s instead of %s".formatted(name, tensor.shape(), like.shape()));
        }
        return NamedTensor.ofFloats(like.name(), like.shape(), tensor.floats());
    }
}
