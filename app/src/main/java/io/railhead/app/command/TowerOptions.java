package io.railhead.app.command;

import io.railhead.app.run.UsageException;
import io.railhead.policy.vision.Backbone;
import io.railhead.policy.vision.ConvolutionalTower;
import io.railhead.policy.vision.Family;
import io.railhead.policy.vision.SubspaceAttention;
import io.railhead.policy.vision.SubspaceAttention.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/// The vision tower of a new model.
final class TowerOptions {
    private static final String TRANSFORMER = "qwen2_5_vl";
    private static final double WIDTH = 0.35;
    private static final int MERGE = 2;
    private static final Pattern ATTENTION = Pattern.compile("([0-9]{1,4}):(after|instead_of):([0-9]{1,4})");

    @Option(
            names = "--vision",
            paramLabel = "TOWER",
            description = "What sees the maps: qwen2_5_vl (default), mobilenet_v1 or mobilenet_v2.")
    private String vision = TRANSFORMER;

    @Option(
            names = "--width",
            paramLabel = "W",
            description = "Of a MobileNet: multiplier of its channels (default: 0.35).")
    private Optional<Double> width = Optional.empty();

    @Option(
            names = "--last-block",
            paramLabel = "N",
            description = "Of a MobileNet: the last block that is used (default: 13 of V1, 17 of V2).")
    private Optional<Integer> lastBlock = Optional.empty();

    @Option(
            names = "--ulsam",
            paramLabel = "BLOCK:PLACE:SUBSPACES",
            split = ",",
            description = "Of a MobileNet: subspace attention after a block or instead_of it, such as 16:instead_of:4.")
    private List<String> ulsam = List.of();

    @Option(
            names = "--vision-weights",
            paramLabel = "FILE",
            description = "Of a MobileNet: safetensors with torchvision's names that the tower begins with.")
    private Optional<Path> weights = Optional.empty();

    /// @throws UsageException if the options contradict each other
    Optional<ConvolutionalTower> tower(int outHiddenSize) {
        if (vision.equals(TRANSFORMER)) {
            if (width.isPresent() || lastBlock.isPresent() || !ulsam.isEmpty() || weights.isPresent()) {
                throw new UsageException(
                        "--width, --last-block, --ulsam and --vision-weights go with --vision mobilenet_v1 or mobilenet_v2");
            }
            return Optional.empty();
        }
        Family family = Family.named(vision)
                .orElseThrow(() -> new UsageException(
                        "--vision is %s or one of %s, not %s".formatted(TRANSFORMER, Family.names(), vision)));
        try {
            return Optional.of(tower(family, outHiddenSize));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /// The file that the tower begins with.
    Optional<Path> weights() {
        if (weights.isPresent() && !Files.isRegularFile(weights.get())) {
            throw new UsageException("no file " + weights.get());
        }
        return weights;
    }

    private ConvolutionalTower tower(Family family, int outHiddenSize) {
        List<SubspaceAttention> attention =
                ulsam.stream().map(TowerOptions::attention).toList();
        Backbone backbone = new Backbone(family, width.orElse(WIDTH), attention);
        int last = lastBlock.orElse(
                switch (family) {
                    case MOBILENET_V1 -> 13;
                    case MOBILENET_V2 -> 17; // the next one is for a classifier
                });
        return new ConvolutionalTower(backbone, last, backbone.stride(last) / MERGE, MERGE, outHiddenSize);
    }

    private static SubspaceAttention attention(String text) {
        Matcher parts = ATTENTION.matcher(text);
        if (!parts.matches()) {
            throw new UsageException("--ulsam takes BLOCK:PLACE:SUBSPACES, such as 16:instead_of:4, not " + text);
        }
        return new SubspaceAttention(
                Integer.parseInt(parts.group(1)),
                Place.valueOf(parts.group(2).toUpperCase(Locale.ROOT)),
                Integer.parseInt(parts.group(3)));
    }
}
