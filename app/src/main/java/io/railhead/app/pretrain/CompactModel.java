package io.railhead.app.pretrain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.policy.EmbeddedModel;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.SubspaceAttention;
import io.railhead.transit.map.GeneratedMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The embedded model with a convolutional tower in the place of its own: the same decoder, tokenizer and number of
/// visual tokens.
public final class CompactModel {
    /// Of the embedded model's decoder.
    public static final int WIDTH = 128;

    private static final ObjectMapper JSON = new ObjectMapper();

    private CompactModel() {}

    /// Writes the folder of a model that is yet to be trained, without weights.
    public static ModelDirectory create(Path folder, ConvolutionalTower tower) throws IOException {
        EmbeddedModel.unpack(folder);
        Files.deleteIfExists(folder.resolve(SafetensorsFile.SINGLE));
        Path config = folder.resolve("config.json");
        ObjectNode root = (ObjectNode) JSON.readTree(Files.readAllBytes(config));
        root.remove("architectures");
        root.put("model_type", "railhead_compact_vl");
        root.set("vision_config", vision(tower));
        Files.write(config, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        Path processor = folder.resolve("preprocessor_config.json");
        Files.write(
                processor,
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsBytes(
                                processor((ObjectNode) JSON.readTree(Files.readAllBytes(processor)), tower)));
        return ModelDirectory.open(folder);
    }

    private static ObjectNode vision(ConvolutionalTower tower) {
        ObjectNode vision = JSON.createObjectNode()
                .put("model_type", tower.backbone().family().label())
                .put("width_multiplier", tower.backbone().width())
                .put("last_block", tower.lastBlock())
                .put("patch_size", tower.patchSize())
                .put("spatial_merge_size", tower.spatialMergeSize())
                .put("temporal_patch_size", tower.temporalPatchSize())
                .put("out_hidden_size", tower.outHiddenSize());
        ArrayNode attention = vision.putArray("ulsam");
        for (SubspaceAttention each : tower.backbone().attention()) {
            attention
                    .addObject()
                    .put("block", each.block())
                    .put("place", each.place().name().toLowerCase(Locale.ROOT))
                    .put("subspaces", each.subspaces());
        }
        return vision;
    }

    /// A map of as many visual tokens as it has places, whatever the pixels of one.
    private static ObjectNode processor(ObjectNode processor, ConvolutionalTower tower) {
        int side = GeneratedMap.GRID * tower.tokenSize();
        int pixels = side * side;
        processor
                .put("min_pixels", pixels)
                .put("max_pixels", pixels)
                .put("patch_size", tower.patchSize())
                .put("merge_size", tower.spatialMergeSize())
                .put("temporal_patch_size", tower.temporalPatchSize());
        processor.set(
                "size", JSON.createObjectNode().put("shortest_edge", pixels).put("longest_edge", pixels));
        processor.remove("image_processor_type");
        processor.remove("processor_class");
        return processor;
    }
}
