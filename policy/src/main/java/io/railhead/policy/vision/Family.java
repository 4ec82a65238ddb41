package io.railhead.policy.vision;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The networks that a convolutional tower is made of.
public enum Family {
    /// Howard et al., "MobileNets", 2017 (arXiv 1704.04861).
    MOBILENET_V1("mobilenet_v1"),

    /// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018 (arXiv 1801.04381).
    MOBILENET_V2("mobilenet_v2");

    private final String label;

    Family(String label) {
        this.label = label;
    }

    /// As `vision_config.model_type` names it.
    public String label() {
        return label;
    }

    public static Optional<Family> named(String label) {
        return Arrays.stream(values())
                .filter(family -> family.label.equals(label))
                .findFirst();
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(Family::label).toList();
    }
}
