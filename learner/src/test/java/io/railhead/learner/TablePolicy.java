package io.railhead.learner;

import io.railhead.policy.NamedTensor;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.ParameterSet;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenGradients;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TokenObjective;
import io.railhead.policy.TokenScores;
import io.railhead.policy.TrainablePolicy;
import io.railhead.policy.TrainingRow;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A policy small enough to be exact: a table of logits, one row for each preceding token, with gradients by hand
/// and AdamW in double precision. Starts uniform. Remembers who called it.
final class TablePolicy implements TrainablePolicy {
    static final int VOCABULARY = 6;

    final Set<Thread> callers = ConcurrentHashMap.newKeySet();
    final List<Integer> rowsOfPasses = new ArrayList<>();
    volatile boolean closed;

    private double[] target = new double[VOCABULARY * VOCABULARY];
    private double[] reference = target.clone();
    private double[] firstMoment = new double[target.length];
    private double[] secondMoment = new double[target.length];
    private double[] gradient = new double[target.length];
    private double steps;
    private int poisoned = -1; // steps until one whose norm is NaN

    @Override
    public List<TokenScores> score(List<TrainingRow> rows, ParameterSet parameters) {
        callers.add(Thread.currentThread());
        double[] table = parameters == ParameterSet.TARGET ? target : reference;
        List<TokenScores> scores = new ArrayList<>();
        for (TrainingRow row : rows) {
            for (TokenIds continuation : row.continuations()) {
                scores.add(score(table, row.prefix(), continuation));
            }
        }
        return scores;
    }

    @Override
    public double accumulate(List<TrainingRow> rows, TokenObjective objective) {
        rowsOfPasses.add(rows.size());
        TokenGradients gradients = objective.gradients(score(rows, ParameterSet.TARGET));
        int i = 0;
        for (TrainingRow row : rows) {
            for (TokenIds continuation : row.continuations()) {
                for (int t = 0; t < continuation.size(); t++) {
                    addGradient(
                            context(row.prefix(), continuation, t),
                            continuation.get(t),
                            gradients.byLogProb().get(i)[t],
                            gradients.byEntropy().get(i)[t]);
                }
                i++;
            }
        }
        return gradients.loss();
    }

    @Override
    public double step(OptimizerStep step) {
        callers.add(Thread.currentThread());
        if (poisoned-- == 0) {
            gradient[0] = Double.NaN;
        }
        double squares = 0;
        for (double g : gradient) {
            squares += g * g;
        }
        double norm = Math.sqrt(squares);
        if (Double.isFinite(norm)) {
            adamW(step, Math.min(1, step.maxGradientNorm() / (norm + 1e-6)));
        }
        gradient = new double[target.length];
        return norm;
    }

    @Override
    public void discard() {
        gradient = new double[target.length];
    }

    @Override
    public Runnable keep() {
        double[][] state = {target.clone(), firstMoment.clone(), secondMoment.clone()};
        double atStep = steps;
        return () -> {
            target = state[0].clone();
            firstMoment = state[1].clone();
            secondMoment = state[2].clone();
            steps = atStep;
        };
    }

    /// Makes the norm of the next step NaN.
    void poisonGradient() {
        poisonStep(0);
    }

    /// Makes the norm of a step NaN.
    ///
    /// @param after steps from now
    void poisonStep(int after) {
        poisoned = after;
    }

    @Override
    public TokenIds tokenize(Prompt prompt) {
        return TokenIds.of(prompt.text().chars().map(c -> c % VOCABULARY).toArray());
    }

    @Override
    public void freezeReference() {
        reference = target.clone();
    }

    @Override
    public WeightsSnapshot snapshot(PolicyVersion version) {
        float[] logits = new float[target.length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) target[i];
        }
        return new WeightsSnapshot(
                version, List.of(NamedTensor.ofFloats("table", List.of((long) VOCABULARY, (long) VOCABULARY), logits)));
    }

    @Override
    public void save(Path directory) throws IOException {
        callers.add(Thread.currentThread());
        Files.createDirectory(directory.resolve("model"));
        write(directory.resolve("model/table.bin"), target);
        double[] state = new double[2 * target.length + 1];
        System.arraycopy(firstMoment, 0, state, 0, target.length);
        System.arraycopy(secondMoment, 0, state, target.length, target.length);
        state[2 * target.length] = steps;
        write(directory.resolve("optimizer.safetensors"), state);
    }

    @Override
    public void load(Path directory) throws IOException {
        callers.add(Thread.currentThread());
        double[] table = read(directory.resolve("model/table.bin"), target.length);
        double[] state = read(directory.resolve("optimizer.safetensors"), 2 * target.length + 1);
        target = table;
        System.arraycopy(state, 0, firstMoment, 0, target.length);
        System.arraycopy(state, target.length, secondMoment, 0, target.length);
        steps = state[2 * target.length];
    }

    @Override
    public void close() {
        callers.add(Thread.currentThread());
        closed = true;
    }

    /// `length` tokens as this policy continues the prompt.
    SampledTokens sample(TokenIds prompt, int length, PolicyVersion version, Random random) {
        int[] ids = new int[length];
        float[] logProbs = new float[length];
        long[] versions = new long[length];
        int context = prompt.get(prompt.size() - 1);
        for (int t = 0; t < length; t++) {
            double[] p = probabilities(target, context);
            double dart = random.nextDouble();
            int token = 0;
            while (token < VOCABULARY - 1 && dart >= p[token]) {
                dart -= p[token++];
            }
            ids[t] = token;
            logProbs[t] = (float) Math.log(p[token]);
            versions[t] = version.number();
            context = token;
        }
        return SampledTokens.of(TokenIds.of(ids), logProbs, versions);
    }

    double probability(int context, int token) {
        return probabilities(target, context)[token];
    }

    private static TokenScores score(double[] table, TokenIds prefix, TokenIds continuation) {
        float[] logProbs = new float[continuation.size()];
        float[] entropies = new float[continuation.size()];
        for (int t = 0; t < continuation.size(); t++) {
            double[] p = probabilities(table, context(prefix, continuation, t));
            logProbs[t] = (float) Math.log(p[continuation.get(t)]);
            entropies[t] = (float) entropy(p);
        }
        return new TokenScores(logProbs, entropies);
    }

    private void addGradient(int context, int token, double byLogProb, double byEntropy) {
        double[] p = probabilities(target, context);
        double entropy = entropy(p);
        for (int j = 0; j < VOCABULARY; j++) {
            double logProbByLogit = (j == token ? 1 : 0) - p[j];
            double entropyByLogit = -p[j] * (Math.log(p[j]) + entropy);
            gradient[context * VOCABULARY + j] += byLogProb * logProbByLogit + byEntropy * entropyByLogit;
        }
    }

    private void adamW(OptimizerStep step, double scale) {
        steps++;
        for (int i = 0; i < target.length; i++) {
            double g = gradient[i] * scale;
            firstMoment[i] = step.beta1() * firstMoment[i] + (1 - step.beta1()) * g;
            secondMoment[i] = step.beta2() * secondMoment[i] + (1 - step.beta2()) * g * g;
            double mean = firstMoment[i] / (1 - Math.pow(step.beta1(), steps));
            double square = secondMoment[i] / (1 - Math.pow(step.beta2(), steps));
            target[i] -= step.learningRate()
                    * (mean / (Math.sqrt(square) + step.epsilon()) + step.weightDecay() * target[i]);
        }
    }

    private static int context(TokenIds prefix, TokenIds continuation, int t) {
        return t == 0 ? prefix.get(prefix.size() - 1) : continuation.get(t - 1);
    }

    private static double[] probabilities(double[] table, int context) {
        double[] p = new double[VOCABULARY];
        double sum = 0;
        for (int j = 0; j < VOCABULARY; j++) {
            p[j] = Math.exp(table[context * VOCABULARY + j]);
            sum += p[j];
        }
        for (int j = 0; j < VOCABULARY; j++) {
            p[j] /= sum;
        }
        return p;
    }

    private static double entropy(double[] p) {
        double entropy = 0;
        for (double pj : p) {
            entropy -= pj * Math.log(pj);
        }
        return entropy;
    }

    private static void write(Path file, double[] values) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(8 * values.length);
        data.asDoubleBuffer().put(values);
        Files.write(file, data.array());
    }

    private static double[] read(Path file, int count) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length != 8 * count) {
            throw new IOException(file + " has " + bytes.length + " bytes instead of " + 8 * count);
        }
        double[] values = new double[count];
        ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
        return values;
    }
}
