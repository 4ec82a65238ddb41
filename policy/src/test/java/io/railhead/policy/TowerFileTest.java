package io.railhead.policy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.policy.vision.Backbone;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.Family;
import io.railhead.policy.vision.SubspaceAttention;
import io.railhead.policy.vision.SubspaceAttention.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file with the names and shapes of torchvision's `mobilenet_v2(width_mult=0.35)`, every value of a tensor its own.
class TowerFileTest {
    private static final TextConfig TEXT = new TextConfig(50, 32, 48, 1, 4, 2, 8, 10_000, List.of(2, 1, 1), 1e-6, 128);
    private static final PolicyConfig CONFIG = new PolicyConfig(
            TEXT,
            new ConvolutionalTower(
                    new Backbone(Family.MOBILENET_V2, 0.35, List.of(new SubspaceAttention(16, Place.INSTEAD_OF, 4))),
                    17,
                    16,
                    2,
                    32),
            1,
            2,
            3,
            4,
            true,
            "float32");

    @TempDir
    private Path folder;

    private Path file;
    private final List<NamedTensor> theirs = new ArrayList<>();
    private final List<NamedTensor> model = InitialWeights.random(CONFIG, InitialWeights.Style.MIMETIC, 1);

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("mobilenet.safetensors");
        for (Map.Entry<String, JsonNode> entry :
                Golden.json("convolution/torchvision-names.json").get("0.35").properties()) {
            List<Long> shape = Arrays.stream(Golden.ints(entry.getValue()))
                    .asLongStream()
                    .boxed()
                    .toList();
            float[] values = new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
            Arrays.fill(values, theirs.size() + 1);
            theirs.add(NamedTensor.ofFloats(entry.getKey(), shape, values));
        }
        SafetensorsFile.write(file, theirs, Map.of());
    }

    @Test
    void theTowerTakesTheFilesWeightsAndTheRestStays() throws IOException {
        Map<String, NamedTensor> given = theirs.stream().collect(Collectors.toMap(NamedTensor::name, tensor -> tensor));
        List<NamedTensor> together = TowerFile.over(model, file);
        assertThat(together).hasSameSizeAs(model);
        int taken = 0;
        for (int i = 0; i < model.size(); i++) {
            NamedTensor before = model.get(i);
            NamedTensor after = together.get(i);
            assertThat(after.name()).isEqualTo(before.name());
            boolean ofNetwork = before.name().startsWith("visual.features.")
                    && !before.name().contains(".ulsam.");
            float[] expected = ofNetwork
                    ? requireNonNull(given.get(before.name().substring("visual.".length())))
                            .floats()
                    : before.floats();
            assertThat(after.floats()).as(after.name()).isEqualTo(expected);
            taken += ofNetwork ? 1 : 0;
        }
        assertThat(taken).isEqualTo(5 * (1 + 2 + 15 * 3)); // stem, block 1, blocks 2 to 17 without 16
    }

    @Test
    void aWeightThatIsMissingOrOfAnotherShapeIsNamed() throws IOException {
        List<NamedTensor> fewer = theirs.stream()
                .filter(tensor -> !tensor.name().equals("features.4.conv.2.weight"))
                .toList();
        SafetensorsFile.write(file, fewer, Map.of());
        assertThatThrownBy(() -> TowerFile.over(model, file))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(file + ": weight features.4.conv.2.weight is missing");
        List<NamedTensor> other = new ArrayList<>(fewer);
        other.add(NamedTensor.ofFloats("features.4.conv.2.weight", List.of(1L), new float[1]));
        SafetensorsFile.write(file, other, Map.of());
        assertThatThrownBy(() -> TowerFile.over(model, file))
                .hasMessageContaining("weight features.4.conv.2.weight has shape [1] instead of [16, 48, 1, 1]");
    }
}
