package io.railhead.app.crash;

import io.railhead.policy.NamedTensor;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// The smallest policy that can be trained: one probability a token, whatever came before, by gradient ascent with
/// momentum. Its files are written by the same code as those of a real one.
final class UnigramPolicy implements TrainablePolicy {
    static final int VOCABULARY = 6;

    private final float[] logits = new float[VOCABULARY];
    private final float[] momentum = new float[VOCABULARY];
    private final float[] gradient = new float[VOCABULARY];

    @Override
    public List<TokenScores> score(List<TrainingRow> rows, ParameterSet parameters) {
        double[] logProbs = logProbs(logits);
        List<TokenScores> scores = new ArrayList<>();
        for (TokenIds continuation : continuations(rows)) {
            float[] each = new float[continuation.size()];
            for (int t = 0; t < each.length; t++) {
                each[t] = (float) logProbs[continuation.get(t)];
            }
            scores.add(new TokenScores(each, new float[each.length]));
        }
        return scores;
    }

    @Override
    public double accumulate(List<TrainingRow> rows, TokenObjective objective) {
        TokenGradients gradients = objective.gradients(score(rows, ParameterSet.TARGET));
        double[] logProbs = logProbs(logits);
        List<TokenIds> continuations = continuations(rows);
        for (int i = 0; i < continuations.size(); i++) {
            for (int t = 0; t < continuations.get(i).size(); t++) {
                for (int j = 0; j < VOCABULARY; j++) {
                    double byLogit = (j == continuations.get(i).get(t) ? 1 : 0) - Math.exp(logProbs[j]);
                    gradient[j] += (float) (gradients.byLogProb().get(i)[t] * byLogit);
                }
            }
        }
        return gradients.loss();
    }

    private static List<TokenIds> continuations(List<TrainingRow> rows) {
        return rows.stream().flatMap(row -> row.continuations().stream()).toList();
    }

    @Override
    public double step(OptimizerStep step) {
        double squares = 0;
        for (int j = 0; j < VOCABULARY; j++) {
            squares += gradient[j] * gradient[j];
            momentum[j] = (float) (step.beta1() * momentum[j] + gradient[j]);
            logits[j] -= (float) (step.learningRate() * momentum[j]);
            gradient[j] = 0;
        }
        return Math.sqrt(squares);
    }

    @Override
    public void discard() {
        Arrays.fill(gradient, 0);
    }

    @Override
    public Runnable keep() {
        float[] ofLogits = logits.clone();
        float[] ofMomentum = momentum.clone();
        return () -> {
            System.arraycopy(ofLogits, 0, logits, 0, VOCABULARY);
            System.arraycopy(ofMomentum, 0, momentum, 0, VOCABULARY);
        };
    }

    @Override
    public TokenIds tokenize(Prompt prompt) {
        return TokenIds.of(0);
    }

    @Override
    public void freezeReference() {
        throw new UnsupportedOperationException("no reference");
    }

    @Override
    public WeightsSnapshot snapshot(PolicyVersion version) {
        return new WeightsSnapshot(version, tensors(logits));
    }

    private static List<NamedTensor> tensors(float[] values) {
        return List.of(NamedTensor.ofFloats("unigrams", List.of((long) VOCABULARY), values.clone()));
    }

    @Override
    public void save(Path directory) throws IOException {
        Path model = Files.createDirectory(directory.resolve("model"));
        SafetensorsFile.write(model.resolve("model.safetensors"), tensors(logits), Map.of());
        SafetensorsFile.write(directory.resolve("optimizer.safetensors"), tensors(momentum), Map.of());
    }

    @Override
    public void load(Path directory) throws IOException {
        read(directory.resolve("model").resolve("model.safetensors"), logits);
        read(directory.resolve("optimizer.safetensors"), momentum);
    }

    private static void read(Path file, float[] into) throws IOException {
        float[] values = SafetensorsFile.read(file).tensors().getFirst().floats();
        System.arraycopy(values, 0, into, 0, VOCABULARY);
    }

    @Override
    public void close() {
        // nothing is held
    }

    /// `length` tokens that a policy with these weights samples.
    static SampledTokens sample(WeightsSnapshot weights, int length, Random random) {
        double[] logProbs = logProbs(weights.tensors().getFirst().floats());
        int[] ids = new int[length];
        float[] sampled = new float[length];
        long[] versions = new long[length];
        for (int t = 0; t < length; t++) {
            double dart = random.nextDouble();
            int token = 0;
            while (token < VOCABULARY - 1 && dart >= Math.exp(logProbs[token])) {
                dart -= Math.exp(logProbs[token++]);
            }
            ids[t] = token;
            sampled[t] = (float) logProbs[token];
            versions[t] = weights.version().number();
        }
        return SampledTokens.of(TokenIds.of(ids), sampled, versions);
    }

    private static double[] logProbs(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        double[] logProbs = new double[VOCABULARY];
        for (int j = 0; j < VOCABULARY; j++) {
            logProbs[j] = logits[j] - Math.log(sum);
        }
        return logProbs;
    }
}
