package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.ModelDirectory;
import io.railhead.policy.vision.Backbone;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.Family;
import io.railhead.policy.vision.SubspaceAttention;
import io.railhead.policy.vision.SubspaceAttention.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model with a convolutional tower goes wherever the embedded one does.
class CompactModelTest {
    private static final List<String> ONE_STEP_EACH =
            List.of("--align-steps", "1", "--lookup-steps", "1", "--mixture-steps", "0", "--habit-steps", "0");

    @TempDir
    private Path temp;

    @Test
    void isPretrainedTrainedOnLearntReplayedAndExported() throws IOException {
        Path model = temp.resolve("base");
        List<String> pretrain = new ArrayList<>(List.of("pretrain", model.toString()));
        pretrain.addAll(ONE_STEP_EACH);
        pretrain.addAll(List.of("--vision", "mobilenet_v2", "--width", "0.1", "--ulsam", "3:after:2,16:instead_of:4"));
        good(CommandRun.of(pretrain.toArray(String[]::new)));
        Backbone backbone = new Backbone(
                Family.MOBILENET_V2,
                0.1,
                List.of(new SubspaceAttention(3, Place.AFTER, 2), new SubspaceAttention(16, Place.INSTEAD_OF, 4)));
        assertThat(ModelDirectory.open(model).config().vision())
                .isEqualTo(new ConvolutionalTower(backbone, 17, 16, 2, 128));

        Path run = temp.resolve("run");
        good(CommandRun.ofSmall("train", "--model", model.toString(), "--run-dir", run.toString(), "--steps", "2"));
        assertThat(Files.readString(run.resolve("metrics.jsonl"))).contains("kl/mismatch");
        assertThat(good(CommandRun.of("replay", run.toString()))).contains("bit for bit");
        Path exported = temp.resolve("exported");
        good(CommandRun.of("checkpoint", "export", run.toString(), exported.toString()));
        assertThat(ModelDirectory.open(exported).config().vision())
                .isEqualTo(ModelDirectory.open(model).config().vision());

        Path learnt = temp.resolve("learnt");
        good(CommandRun.ofSmall(
                "sft",
                learnt.toString(),
                "--model",
                exported.toString(),
                "--steps",
                "1",
                "--set",
                "supervised.questions-per-step=4"));
        good(CommandRun.ofSmall("eval", "--model", learnt.toString()));
    }

    @Test
    void doctorSaysWhatAPictureCosts() {
        Path model = temp.resolve("base");
        List<String> pretrain = new ArrayList<>(List.of("pretrain", model.toString(), "--vision", "mobilenet_v1"));
        pretrain.addAll(ONE_STEP_EACH);
        pretrain.addAll(List.of("--width", "0.1"));
        good(CommandRun.of(pretrain.toArray(String[]::new)));
        CommandRun doctor = CommandRun.of("doctor", "--model", model.toString());
        assertThat(doctor.out()).contains("visual tokens of a picture of 224 x 224 pixels");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--vision resnet | --vision is qwen2_5_vl or one of [mobilenet_v1, mobilenet_v2], not resnet",
                "--width 0.5 | --width, --last-block, --ulsam and --vision-weights go with --vision mobilenet_v1",
                "--vision mobilenet_v2 --ulsam 16:4 | --ulsam takes BLOCK:PLACE:SUBSPACES",
                "--vision mobilenet_v2 --ulsam 14:instead_of:4 | block 14 cannot be replaced",
                "--vision mobilenet_v2 --last-block 40 | last_block = 40 is none of the blocks 1 to 18",
                "--vision mobilenet_v2 --width 0 | width_multiplier = 0.0",
                "--vision mobilenet_v2 --vision-weights /no/such | no file /no/such",
            })
    void whatCannotBeIsRefusedBeforeAnythingIsWritten(String options, String said) {
        Path model = temp.resolve("base");
        List<String> all = new ArrayList<>(List.of("pretrain", model.toString()));
        all.addAll(List.of(options.split(" ", -1)));
        CommandRun refused = CommandRun.of(all.toArray(String[]::new));
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains(said);
        assertThat(model).doesNotExist();
    }

    private static String good(CommandRun run) {
        assertThat(run.status()).as(run.err() + run.out()).isZero();
        return run.out();
    }
}
