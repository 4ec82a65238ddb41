package io.railhead.policy.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.railhead.policy.Golden;
import io.railhead.policy.vision.SubspaceAttention.Place;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackboneTest {
    private static final int SIDE = 224;
    private static final int CLASSES = 1000;

    /// 3.4 M parameters and 300 M multiply-accumulates in table 4 of the paper; the exact count is torchvision's.
    @Test
    void mobileNetV2CostsWhatIsPublished() {
        assertThat(withClassifier(Family.MOBILENET_V2, 1280)).isEqualTo(new VisionCost(3_504_872, 300_774_272));
    }

    /// 4.2 M and 569 M in table 8 of the paper.
    @Test
    void mobileNetV1CostsWhatIsPublished() {
        VisionCost cost = withClassifier(Family.MOBILENET_V1, 1024);
        assertThat(cost.parameters() / 1e6).isCloseTo(4.2, within(0.05));
        assertThat(cost.multiplyAccumulates() / 1e6).isCloseTo(569, within(0.5));
    }

    /// The ULSAM paper's networks of 300 M and 3.4 M: millions of multiply-accumulates and of parameters that are left
    /// when
    /// attention with four subspaces stands in the place of these blocks.
    @ParameterizedTest
    @CsvSource({
        "12, 277.34, 3.28",
        "15, 284.54, 3.08",
        "12 15, 261.88, 2.97",
        "15 16, 269.07, 2.77",
        "12 13 15 16, 223.77, 2.54"
    })
    void attentionInPlaceOfBlocksSavesWhatIsPublished(String blocks, double operations, double parameters) {
        VisionCost plain = cost(List.of());
        VisionCost less = cost(Arrays.stream(blocks.split(" ", -1))
                .map(block -> new SubspaceAttention(Integer.parseInt(block), Place.INSTEAD_OF, 4))
                .toList());
        assertThat(300 - saved(plain.multiplyAccumulates(), less.multiplyAccumulates()))
                .isCloseTo(operations, within(0.05));
        assertThat(3.4 - saved(plain.parameters(), less.parameters())).isCloseTo(parameters, within(0.02));
    }

    /// 4.2 M and 569 M become 3.9 M and 517 M.
    @Test
    void attentionInPlaceOfABlockOfMobileNetV1SavesWhatIsPublished() {
        VisionCost plain = cost(new Backbone(Family.MOBILENET_V1, 1, List.of()));
        VisionCost less =
                cost(new Backbone(Family.MOBILENET_V1, 1, List.of(new SubspaceAttention(11, Place.INSTEAD_OF, 4))));
        assertThat(569 - saved(plain.multiplyAccumulates(), less.multiplyAccumulates()))
                .isCloseTo(517, within(0.5));
        assertThat(4.2 - saved(plain.parameters(), less.parameters())).isCloseTo(3.9, within(0.05));
    }

    /// The paper counts 2m weights over m channels, however many subspaces there are.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void attentionHasTwoWeightsAChannel(int subspaces) {
        VisionCost behind = cost(List.of(new SubspaceAttention(16, Place.AFTER, subspaces)));
        VisionCost plain = cost(List.of());
        long biasesAndNorms = 160L + subspaces + 2 * (160L + subspaces);
        assertThat(behind.parameters() - plain.parameters()).isEqualTo(2 * 160 + biasesAndNorms);
        assertThat(behind.multiplyAccumulates() - plain.multiplyAccumulates()).isEqualTo(2 * 160 * 7 * 7);
    }

    /// `torchvision-names.json` has the names and shapes of torchvision's `mobilenet_v2(width_mult = ...)`.
    @ParameterizedTest
    @ValueSource(strings = {"0.35", "1.0"})
    void weightsHaveTorchvisionsNamesAndShapes(String width) throws IOException {
        Map<String, List<Long>> theirs = new HashMap<>();
        Golden.json("convolution/torchvision-names.json")
                .get(width)
                .properties()
                .forEach(entry -> {
                    if (entry.getKey().startsWith("features.")
                            && !entry.getKey().endsWith("num_batches_tracked")) {
                        theirs.put(
                                entry.getKey(),
                                Arrays.stream(Golden.ints(entry.getValue()))
                                        .asLongStream()
                                        .boxed()
                                        .toList());
                    }
                });
        Backbone backbone = new Backbone(Family.MOBILENET_V2, Double.parseDouble(width), List.of());
        assertThat(backbone.blocks().stream()
                        .flatMap(block -> block.weights().stream())
                        .collect(Collectors.toMap(Weight::name, Weight::shape)))
                .isEqualTo(theirs);
    }

    @ParameterizedTest
    @CsvSource({"224, 7", "225, 8", "31, 1", "33, 2", "1, 1"})
    void oddSizesAreRoundedUpAtEachStride(int side, int left) {
        int size = side;
        for (Block block : new Backbone(Family.MOBILENET_V2, 1, List.of()).blocks()) {
            size = block.size(size);
        }
        assertThat(size).isEqualTo(left);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new SubspaceAttention(12, Place.AFTER, 3)).hasMessageContaining("3 subspaces");
        assertThatThrownBy(() -> cost(List.of(new SubspaceAttention(19, Place.AFTER, 4))))
                .hasMessageContaining("block 19")
                .hasMessageContaining("1 to 18");
        assertThatThrownBy(() -> cost(List.of(new SubspaceAttention(14, Place.INSTEAD_OF, 4))))
                .hasMessageContaining("block 14 cannot be replaced");
        assertThatThrownBy(() -> cost(List.of(new SubspaceAttention(2, Place.AFTER, 16))))
                .hasMessageContaining("24 channels");
        assertThatThrownBy(() -> new Backbone(Family.MOBILENET_V2, 0, List.of()))
                .hasMessageContaining("width_multiplier = 0");
        assertThatThrownBy(() -> cost(List.of(
                        new SubspaceAttention(12, Place.AFTER, 4), new SubspaceAttention(12, Place.INSTEAD_OF, 4))))
                .hasMessageContaining("block 12 has attention twice");
    }

    private static VisionCost cost(List<SubspaceAttention> attention) {
        return cost(new Backbone(Family.MOBILENET_V2, 1, attention));
    }

    private static VisionCost cost(Backbone backbone) {
        long parameters = 0;
        long work = 0;
        int size = SIDE;
        for (Block block : backbone.blocks()) {
            parameters += block.weights().stream()
                    .filter(Weight::trained)
                    .mapToLong(Weight::elements)
                    .sum();
            work += block.multiplyAccumulates(size, size);
            size = block.size(size);
        }
        return new VisionCost(parameters, work);
    }

    private static VisionCost withClassifier(Family family, int channels) {
        long weights = (long) channels * CLASSES;
        VisionCost features = cost(new Backbone(family, 1, List.of()));
        return new VisionCost(features.parameters() + weights + CLASSES, features.multiplyAccumulates() + weights);
    }

    private static double saved(long before, long after) {
        return (before - after) / 1e6;
    }
}
