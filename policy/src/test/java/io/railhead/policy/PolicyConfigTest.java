package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.vision.Backbone;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.Family;
import io.railhead.policy.vision.SubspaceAttention;
import io.railhead.policy.vision.SubspaceAttention.Place;
import io.railhead.policy.vision.TransformerTower;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyConfigTest {
    private static final String FLAT = """
            {
              "model_type": "qwen2_5_vl", "torch_dtype": "bfloat16", "tie_word_embeddings": true,
              "image_token_id": 151655, "vision_start_token_id": 151652, "vision_end_token_id": 151653,
              "vocab_size": 151936, "hidden_size": 2048, "intermediate_size": 11008, "hidden_act": "silu",
              "num_hidden_layers": 36, "num_attention_heads": 16, "num_key_value_heads": 2,
              "max_position_embeddings": 128000, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0,
              "rope_scaling": {"type": "mrope", "mrope_section": [16, 24, 24]},
              "sliding_window": 32768, "use_sliding_window": false,
              "vision_config": {
                "depth": 32, "hidden_act": "silu", "hidden_size": 1280, "intermediate_size": 3420, "num_heads": 16,
                "in_chans": 3, "out_hidden_size": 2048, "patch_size": 14, "spatial_merge_size": 2,
                "window_size": 112, "fullatt_block_indexes": [7, 15, 23, 31], "temporal_patch_size": 2
              }
            }
            """;
    private static final String NESTED = """
            {
              "model_type": "qwen2_5_vl", "dtype": "bfloat16",
              "image_token_id": 151655, "vision_start_token_id": 151652, "vision_end_token_id": 151653,
              "text_config": {
                "tie_word_embeddings": true,
                "vocab_size": 151936, "hidden_size": 2048, "intermediate_size": 11008, "hidden_act": "silu",
                "num_hidden_layers": 36, "num_attention_heads": 16, "num_key_value_heads": 2,
                "max_position_embeddings": 128000, "rms_norm_eps": 1e-06, "sliding_window": null,
                "rope_parameters": {
                  "rope_type": "default", "type": "default", "rope_theta": 1000000.0, "mrope_section": [16, 24, 24]}
              },
              "vision_config": {
                "depth": 32, "hidden_act": "silu", "hidden_size": 1280, "intermediate_size": 3420, "num_heads": 16,
                "in_channels": 3, "out_hidden_size": 2048, "patch_size": 14, "spatial_merge_size": 2,
                "window_size": 112, "fullatt_block_indexes": [7, 15, 23, 31], "temporal_patch_size": 2
              }
            }
            """;
    private static final String COMPACT = """
            {
              "model_type": "railhead_compact_vl",
              "image_token_id": 1, "vision_start_token_id": 3, "vision_end_token_id": 4,
              "vocab_size": 50, "hidden_size": 32, "intermediate_size": 48, "hidden_act": "silu",
              "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
              "rope_scaling": {"type": "mrope", "mrope_section": [2, 1, 1]},
              "vision_config": {
                "model_type": "mobilenet_v2", "width_multiplier": 0.35, "last_block": 17,
                "ulsam": [{"block": 16, "place": "instead_of", "subspaces": 4}, {"block": 3, "subspaces": 2}],
                "patch_size": 16, "spatial_merge_size": 2, "temporal_patch_size": 1, "out_hidden_size": 32
              }
            }
            """;
    private static final PolicyConfig THREE_BILLION = new PolicyConfig(
            new TextConfig(151_936, 2048, 11_008, 36, 16, 2, 128, 1_000_000, List.of(16, 24, 24), 1e-6, 128_000),
            new TransformerTower(32, 1280, 3420, 16, 14, 2, 2, 112, List.of(7, 15, 23, 31), 2048, 3),
            151_655,
            151_656,
            151_652,
            151_653,
            true,
            "bfloat16");

    @TempDir
    private Path folder;

    @Test
    void readsTheFlatLayout() throws IOException {
        assertThat(read(FLAT)).isEqualTo(THREE_BILLION);
    }

    @Test
    void readsTheNestedLayout() throws IOException {
        assertThat(read(NESTED)).isEqualTo(THREE_BILLION);
    }

    @Test
    void readsAConvolutionalTower() throws IOException {
        Backbone backbone = new Backbone(
                Family.MOBILENET_V2,
                0.35,
                List.of(new SubspaceAttention(16, Place.INSTEAD_OF, 4), new SubspaceAttention(3, Place.AFTER, 2)));
        assertThat(read(COMPACT).vision()).isEqualTo(new ConvolutionalTower(backbone, 17, 16, 2, 32));
        assertThat(read(COMPACT.replace("\"width_multiplier\": 0.35, \"last_block\": 17,", ""))
                        .vision())
                .isEqualTo(new ConvolutionalTower(
                        new Backbone(Family.MOBILENET_V2, 1, backbone.attention()), 18, 16, 2, 32));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "mobilenet_v2 | resnet | vision_config.model_type = \"resnet\" is not supported, only [mobilenet_v1, m",
                "railhead_compact_vl | qwen2_5_vl | vision_config.hidden_size is missing",
                "0.35 | -1 | width_multiplier = -1.0",
                "\"last_block\": 17 | \"last_block\": 19 | last_block = 19 is none of the blocks 1 to 18",
                "\"patch_size\": 16 | \"patch_size\": 14 | patch_size = 14 times spatial_merge_size = 2 is not 32",
                "\"temporal_patch_size\": 1 | \"temporal_patch_size\": 2 | vision_config.temporal_patch_size = 2",
                "instead_of | before | vision_config.ulsam[0].place = \"before\" is neither",
                "{\"block\": 3, \"subspaces\": 2} | 3 | vision_config.ulsam = ",
                "\"block\": 3, | ~~ | vision_config.ulsam[1].block is missing",
                "\"subspaces\": 4 | \"subspaces\": 3 | 3 subspaces are none of 1, 2, 4, 8 and 16",
                "\"block\": 16 | \"block\": 14 | block 14 cannot be replaced",
            })
    void namesWhatAConvolutionalTowerCannotBe(String from, String to, String named) {
        assertThat(COMPACT).contains(from);
        assertThatThrownBy(() -> read(COMPACT.replace(from, to)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(folder.resolve("config.json").toString())
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "qwen2_5_vl | llama | model_type = \"llama\"",
                "\"hidden_act\": \"silu\", \"hidden_size\" | \"hidden_act\": \"gelu\", \"hidden_size\""
                        + " | vision_config.hidden_act = \"gelu\"",
                "\"type\": \"mrope\" | \"type\": \"yarn\" | rope_scaling.type = \"yarn\"",
                "\"use_sliding_window\": false | \"use_sliding_window\": true | use_sliding_window = true",
                "\"hidden_size\": 2048 | \"hidden_size\": \"wide\" | hidden_size = \"wide\" is not an integer",
                "\"use_sliding_window\": false | \"layer_types\": [\"sliding_attention\"] | layer_types = [",
                "\"use_sliding_window\": false | \"head_dim\": 64 | head_dim = 64 and num_attention_heads = 16",
                "\"in_chans\": 3 | \"rope_parameters\": {\"rope_theta\": 100.5}"
                        + " | vision_config.rope_parameters.rope_theta = 100.5",
                "\"vocab_size\": 151936, | ~~ | vocab_size is missing",
                "\"num_key_value_heads\": 2 | \"num_key_value_heads\": 3 | num_key_value_heads = 3",
                "[16, 24, 24] | [16, 24, 25] | mrope_section = [16, 24, 25]",
                "\"depth\": 32 | \"depth\": 0 | depth = 0",
                "\"patch_size\": 14 | \"patch_size\": [14, 14] | vision_config.patch_size = [14,14]",
                "\"tie_word_embeddings\": true | \"quantization_config\": {\"bits\": 4} | quantization_config",
            })
    void namesFileKeyAndValueOfWhatItDoesNotCompute(String from, String to, String named) {
        assertThat(FLAT).contains(from);
        assertThatThrownBy(() -> read(FLAT.replace(from, to)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(folder.resolve("config.json").toString())
                .hasMessageContaining(named);
    }

    @Test
    void namesAMissingFile() {
        assertThatThrownBy(() -> PolicyConfig.read(folder))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(folder.resolve("config.json") + ": the file is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"model_type\": ", "[]", "3", "''"})
    void refusesAFileThatIsNoJsonObject(String content) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("config.json");
    }

    private PolicyConfig read(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        return PolicyConfig.read(folder);
    }
}
