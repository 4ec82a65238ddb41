package io.railhead.rollout.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptEncoder;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import io.railhead.policy.Tokenizer;
import io.railhead.policy.WeightsSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A [GenerationEngine] whose decoding is done by an inference server.
///
/// It drains before it takes new weights, so that all tokens of a response are of one version: it starts nothing more,
/// waits for what runs, writes the weights as a model folder that the server sees, and has it read them. It begins
/// with that too, since nobody knows what an already running server holds. Prompts are tokenised here as the learner
/// will see them, and the server's tokens must be the same.
///
/// A server that does not answer ends the engine with a [RemoteFailedException]; whoever made it makes another.
public final class RemoteEngine implements GenerationEngine {
    private static final long WAIT = 20; // milliseconds that a step waits for a response

    private final RemoteSettings settings;
    private final Dialect dialect;
    private final RemoteCalls calls;
    private final RemoteWeights weights;
    private final ModelDirectory model;
    private final Tokenizer tokenizer;
    private final PromptEncoder encoder;
    private final ArrayDeque<Sample> waiting = new ArrayDeque<>();
    private final Set<Sample> running = new HashSet<>();
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    private final List<Refusal> refusals = new ArrayList<>();
    private Optional<WeightsSnapshot> next = Optional.empty();
    private PolicyVersion version;

    /// One response that is waited for.
    private record Sample(GenerationRequest request, int index, TokenIds prompt) {
        @Override
        public boolean equals(Object other) {
            return other == this;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private record Outcome(
            Sample sample,
            RemoteCalls.@Nullable Reply reply,
            @Nullable Throwable failure) {}

    /// Waits until the server serves the given weights, or those of the model folder as the base version.
    ///
    /// @param tokenizer of the model; closed with the engine
    /// @throws RemoteFailedException if the server does not take them
    public static RemoteEngine open(
            RemoteSettings settings, ModelDirectory model, Tokenizer tokenizer, Optional<WeightsSnapshot> weights) {
        RemoteEngine engine = new RemoteEngine(settings, model, tokenizer);
        try {
            engine.serve(weights.orElseGet(engine.weights::base));
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    private RemoteEngine(RemoteSettings settings, ModelDirectory model, Tokenizer tokenizer) {
        this.settings = settings;
        this.dialect = Dialect.of(settings.api());
        this.calls = new RemoteCalls(settings);
        this.weights = new RemoteWeights(settings, dialect, calls, model);
        this.model = model;
        this.tokenizer = tokenizer;
        this.encoder = model.encoder(tokenizer);
        this.version = PolicyVersion.BASE;
    }

    @Override
    public PolicyVersion version() {
        return version;
    }

    @Override
    public int slots() {
        return settings.slots();
    }

    @Override
    public int pending() {
        return waiting.size() + running.size();
    }

    @Override
    public void submit(GenerationRequest request) {
        SamplingParams sampling = request.sampling();
        boolean plain = sampling.temperature() == 1 && sampling.topP() == 1 && sampling.topK() == 0;
        if (!plain && settings.logProbs() == RemoteSettings.LogProbs.RAW) {
            throw new RemoteFailedException(
                    "%s reports raw log-probabilities (rollout.remote.log-probs), which are those of the sampling only"
                                    .formatted(settings.url())
                            + " at temperature 1 without truncation: " + sampling);
        }
        TokenIds prompt = encoder.encode(request.prompt()).tokens();
        request.sampleIndices().forEach(index -> waiting.add(new Sample(request, index, prompt)));
    }

    @Override
    public List<FinishedSequence> step() {
        if (next.isPresent() && running.isEmpty()) {
            WeightsSnapshot due = next.get();
            next = Optional.empty();
            serve(due);
        }
        while (next.isEmpty() && running.size() < settings.slots() && !waiting.isEmpty()) {
            start(waiting.remove());
        }
        List<FinishedSequence> finished = new ArrayList<>();
        for (Outcome outcome = awaited(); outcome != null; outcome = outcomes.poll()) {
            if (running.remove(outcome.sample())) { // not cancelled meanwhile
                finished(outcome).ifPresent(finished::add);
            }
        }
        return finished;
    }

    @Override
    public List<Refusal> refused() {
        List<Refusal> taken = List.copyOf(refusals);
        refusals.clear();
        return taken;
    }

    @Override
    public void cancel(String requestId) {
        waiting.removeIf(sample -> sample.request().id().equals(requestId));
        running.removeIf(sample -> sample.request().id().equals(requestId)); // the server goes on for nothing
    }

    @Override
    public void swap(WeightsSnapshot given) {
        PolicyVersion newest = next.map(WeightsSnapshot::version).orElse(version);
        if (given.version().compareTo(newest) < 0) {
            throw new IllegalArgumentException("weights go back from " + newest + " to " + given.version());
        }
        if (running.isEmpty()) {
            serve(given);
        } else {
            next = Optional.of(given);
        }
    }

    @Override
    public void close() {
        calls.close();
        tokenizer.close();
    }

    private @Nullable Outcome awaited() {
        try {
            return running.isEmpty() ? outcomes.poll() : outcomes.poll(WAIT, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever ends this thread does not wait
            return null;
        }
    }

    private void start(Sample sample) {
        GenerationRequest request = sample.request();
        int seed = request.random(sample.index()).nextInt(Integer.MAX_VALUE); // below 2^31 for every server
        Dialect.Ask ask = new Dialect.Ask(
                settings.model(),
                request.prompt(),
                model.chatTemplate().write(request.prompt()),
                request.sampling(),
                seed);
        running.add(sample);
        var _ = calls.post(dialect.generate(ask), settings.timeout())
                .whenComplete((reply, failure) -> outcomes.add(new Outcome(sample, reply, failure)));
    }

    private Optional<FinishedSequence> finished(Outcome outcome) {
        GenerationRequest request = outcome.sample().request();
        return switch (outcome.reply()) {
            case RemoteCalls.Answered(JsonNode body) -> Optional.of(sequence(outcome.sample(), body));
            case RemoteCalls.Refused(String cause) -> {
                cancel(request.id());
                refusals.add(new Refusal(request.id(), settings.url() + " refused it: " + cause));
                yield Optional.empty();
            }
            case null -> throw new RemoteFailedException(name(outcome.sample()) + ": " + outcome.failure());
        };
    }

    private FinishedSequence sequence(Sample sample, JsonNode body) {
        Dialect.Answer answer;
        try {
            answer = dialect.answer(body);
        } catch (RemoteFailedException e) {
            throw new RemoteFailedException(name(sample) + " by " + settings.url() + ": " + e.getMessage(), e);
        }
        requireSamePrompt(sample, answer);
        long[] versions = new long[answer.tokens().size()];
        Arrays.fill(versions, version.number());
        float[] logProbs = new float[versions.length];
        for (int i = 0; i < logProbs.length; i++) {
            logProbs[i] = answer.logProbs().get(i);
        }
        return new FinishedSequence(
                sample.request().id(),
                sample.index(),
                sample.prompt(),
                SampledTokens.of(answer.tokens(), logProbs, versions),
                encoder.decode(answer.tokens()),
                answer.finishReason());
    }

    /// Another template or picture size on the other side would train the policy on prompts that nobody answered.
    private void requireSamePrompt(Sample sample, Dialect.Answer answer) {
        int length = sample.prompt().size();
        answer.promptLength().filter(theirs -> theirs != length).ifPresent(theirs -> {
            throw differs(sample, length + " tokens here, " + theirs + " there");
        });
        answer.promptTokens()
                .map(this::withoutCopies)
                .filter(theirs -> !theirs.equals(withoutCopies(sample.prompt())))
                .ifPresent(theirs -> {
                    throw differs(sample, withoutCopies(sample.prompt()) + " here, " + theirs + " there");
                });
    }

    private RemoteFailedException differs(Sample sample, String how) {
        return new RemoteFailedException(
                "%s: the prompt is not the same for %s (its chat template and image processor must be those of %s): %s"
                        .formatted(name(sample), settings.url(), model.path(), how));
    }

    /// With one placeholder for each picture, as servers report prompts that they have not yet expanded.
    private TokenIds withoutCopies(TokenIds tokens) {
        int image = model.config().imageTokenId();
        int[] all = tokens.toArray();
        return TokenIds.of(IntStream.range(0, all.length)
                .filter(i -> i == 0 || all[i] != image || all[i - 1] != image)
                .map(i -> all[i])
                .toArray());
    }

    private void serve(WeightsSnapshot next) {
        weights.serve(next);
        version = next.version();
    }

    private static String name(Sample sample) {
        return "sample %d of %s".formatted(sample.index(), sample.request().id());
    }
}
