package io.railhead.app.supervised;

import io.railhead.actors.stage.PromptOrder;
import io.railhead.app.run.Item;
import io.railhead.app.run.SavedModel;
import io.railhead.learner.supervised.SupervisedObjective;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.TokenIds;
import io.railhead.policy.djl.DjlTokenizer;
import io.railhead.policy.djl.DjlTrainablePolicy;
import io.railhead.transit.data.ImageSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Supervised training as a sequence of steps, on the calling thread; the same plan gives the same weights.
///
/// Each step learns from `questions-per-step` questions, drawn in a shuffled order, pass after pass over all of them.
/// The loss is the mean cross-entropy of the answers' tokens, each token of the step counting alike.
public final class SupervisedTraining implements AutoCloseable {
    private static final String END_OF_TURN = "<|im_end|>";

    private final SupervisedPlan plan;
    private final DjlTokenizer tokenizer;
    private final DjlTrainablePolicy policy;
    private final TokenIds end;
    private final int placeholder;
    private final PromptOrder order;
    private final Map<String, Item> byId = new HashMap<>();
    private PolicyVersion version = PolicyVersion.BASE;

    /// @param loss mean cross-entropy of the answers' tokens before the step
    /// @param answerTokens that the step learned from
    public record Step(long number, double loss, double learningRate, double gradientNorm, long answerTokens) {}

    /// @throws IOException if the model cannot be opened
    public SupervisedTraining(SupervisedPlan plan) throws IOException {
        ModelDirectory model = plan.model().model();
        this.plan = plan;
        this.order = PromptOrder.of(
                plan.items().stream().map(Item::id).toList(), plan.settings().seed());
        plan.items().forEach(item -> byId.put(item.id(), item));
        this.placeholder = model.config().imageTokenId();
        this.tokenizer = DjlTokenizer.open(model.tokenizerFile());
        this.end = end(model, tokenizer.encode(END_OF_TURN));
        this.policy = plan.model().trainable(plan.policy().training().withBatchStatistics(true));
    }

    public boolean finished() {
        return version.number() >= plan.settings().steps();
    }

    /// @throws IllegalStateException if the gradient is not finite; nothing was applied then
    public Step next() {
        List<Example> examples = draw();
        long tokens =
                examples.stream().mapToLong(example -> example.answer().size()).sum();
        double loss = 0;
        for (Packing.Pass pass : Packing.of(examples, placeholder, plan.passTokens())) {
            loss += policy.accumulate(pass.rows(), new SupervisedObjective(pass.learnFrom(), tokens));
        }
        var step = plan.settings().optimizer().stepFrom(version);
        double norm = policy.step(step);
        version = version.next();
        if (!Double.isFinite(norm)) {
            throw new IllegalStateException("the gradient of step " + version.number() + " is not finite");
        }
        return new Step(version.number(), loss, step.learningRate(), norm, tokens);
    }

    /// Writes the model as it is now to a new folder in Hugging Face layout, all or nothing.
    public void save(Path target) throws IOException {
        SavedModel.write(policy, target);
    }

    @Override
    public void close() {
        policy.close();
        tokenizer.close();
    }

    private List<Example> draw() {
        int count = plan.settings().questionsPerStep();
        List<Example> examples = new ArrayList<>();
        for (long i = version.number() * count; i < (version.number() + 1) * count; i++) {
            Item item = byId.get(order.at(i));
            if (item == null) {
                throw new IllegalStateException("no question " + order.at(i));
            }
            Prompt prompt = plan.train().task(item).prompt();
            TokenIds answer = tokenizer.encode(plan.answers().apply(item));
            examples.add(new Example(pictures(item), prompt.images(), policy.tokenize(prompt), answer.plus(end)));
        }
        return examples;
    }

    /// Questions of text alone are alike in this: they share rows as far as their prompts begin alike.
    private static String pictures(Item item) {
        return item.images().stream().map(ImageSource::name).collect(Collectors.joining("\n"));
    }

    /// What a response ends with: the end of the turn where the model stops at that, else its first stop token.
    private static TokenIds end(ModelDirectory model, TokenIds endOfTurn) {
        return endOfTurn.size() == 1 && model.stopTokenIds().contains(endOfTurn.get(0))
                ? endOfTurn
                : TokenIds.of(model.stopTokenIds().stream()
                        .mapToInt(Integer::intValue)
                        .min()
                        .orElseThrow());
    }
}
