package io.railhead.learner.objective;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.railhead.policy.TokenScores;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The numbers of `golden-batch.json`: one batch, and what published implementations make of it.
final class GoldenBatch {
    private final JsonNode root;

    private GoldenBatch(JsonNode root) {
        this.root = root;
    }

    static GoldenBatch load() {
        try (InputStream in = Objects.requireNonNull(GoldenBatch.class.getResourceAsStream("golden-batch.json"))) {
            return new GoldenBatch(new ObjectMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode at(String pointer) {
        JsonNode node = root.at(pointer);
        if (node.isMissingNode()) {
            throw new IllegalArgumentException("no " + pointer + " in golden-batch.json");
        }
        return node;
    }

    double number(String pointer) {
        return at(pointer).doubleValue();
    }

    double[] row(String pointer) {
        JsonNode node = at(pointer);
        return IntStream.range(0, node.size())
                .mapToDouble(i -> node.get(i).doubleValue())
                .toArray();
    }

    double[][] rows(String pointer) {
        JsonNode node = at(pointer);
        return IntStream.range(0, node.size())
                .mapToObj(i -> row(pointer + "/" + i))
                .toArray(double[][]::new);
    }

    List<TokenScores> scores() {
        return IntStream.range(0, 4)
                .mapToObj(i -> new TokenScores(floats(rows("/batch/target")[i]), new float[4]))
                .toList();
    }

    List<SequenceTarget> targets() {
        return targets("/batch/proximal", "/batch/behaviour", null);
    }

    List<SequenceTarget> targets(@Nullable String proximal, String behaviour, @Nullable String reference) {
        return IntStream.range(0, 4)
                .mapToObj(i -> new SequenceTarget(
                        row("/batch/advantage")[i],
                        proximal == null ? null : floats(rows(proximal)[i]),
                        floats(rows(behaviour)[i]),
                        reference == null ? null : floats(rows(reference)[i]),
                        mask(rows("/batch/mask")[i])))
                .toList();
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static boolean[] mask(double[] values) {
        boolean[] mask = new boolean[values.length];
        for (int i = 0; i < values.length; i++) {
            mask[i] = values[i] != 0;
        }
        return mask;
    }
}
