package io.railhead.policy.djl;

import io.railhead.policy.ComputeType;
import io.railhead.policy.EncodedPrompt;
import io.railhead.policy.FinishReason;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.MropePositions;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptEncoder;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.TokenIds;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Continuous batching on the policy's network.
///
/// Running sequences fill the slots from 0 on without a gap: when one ends, the last moves into its place. So a decode
/// step computes exactly the running sequences. Weights are only read, so that they may be those of a mapped file.
public final class DjlGenerationEngine implements GenerationEngine {
    private final PolicyConfig config;
    private final EngineLimits limits;
    private final DjlTokenizer tokenizer;
    private final PictureCache pictures;
    private final PromptEncoder encoder;
    private final TensorScope owner;
    private Weights weights; // on the memory of the snapshot, where its type fits
    private final KvCache cache;
    private final SequenceDecoder decoder;
    private final Deque<WaitingRequest> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>(); // element i is in slot i
    private PolicyVersion version;

    private DjlGenerationEngine(
            ModelDirectory model,
            EngineOptions options,
            DjlTokenizer tokenizer,
            TensorScope owner,
            Weights weights,
            PolicyVersion version) {
        this.config = model.config();
        this.limits = options.limits();
        this.tokenizer = tokenizer;
        this.pictures = new PictureCache(model.imageProcessor());
        this.encoder = model.encoder(tokenizer, pictures::patches);
        this.owner = owner;
        this.weights = weights;
        this.version = version;
        this.cache = new KvCache(config.text(), limits, owner);
        this.decoder = new SequenceDecoder(new PolicyNetwork(config, owner), weights, cache);
    }

    /// Opens a model folder in Hugging Face layout and serves its weights under the given version. The calling thread
    /// alone may use the engine.
    ///
    /// @throws InvalidModelException if the folder is no model that this policy computes
    public static DjlGenerationEngine open(Path modelDirectory, PolicyVersion version, EngineOptions options)
            throws IOException {
        ModelDirectory model = ModelDirectory.open(modelDirectory);
        List<NamedTensor> tensors = model.weights();
        try {
            return open(model, new WeightsSnapshot(version, tensors), options);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(modelDirectory, String.valueOf(e.getMessage()), e);
        }
    }

    /// Serves the given weights with the tokenizer and the processor of a model folder.
    ///
    /// @throws IllegalArgumentException if names or shapes of the weights are not the model's
    public static DjlGenerationEngine open(ModelDirectory model, WeightsSnapshot weights, EngineOptions options)
            throws IOException {
        NativeSelfTest.ensurePassed();
        DjlTokenizer tokenizer = DjlTokenizer.open(model.tokenizerFile());
        TensorScope owner = TensorScope.ofThisThread();
        try {
            Weights own = Weights.sharing(model.config(), weights.tensors(), ComputeType.FLOAT32, owner);
            return new DjlGenerationEngine(model, options, tokenizer, owner, own, weights.version());
        } catch (IllegalArgumentException e) {
            owner.close();
            tokenizer.close();
            throw e;
        }
    }

    @Override
    public PolicyVersion version() {
        return version;
    }

    @Override
    public int slots() {
        return limits.slots();
    }

    @Override
    public int pending() {
        return running.size()
                + waiting.stream().mapToInt(WaitingRequest::samples).sum();
    }

    @Override
    public void submit(GenerationRequest request) {
        enqueue(request, encoder.encode(request.prompt()));
    }

    /// Queues a request whose prompt is given as tokens, with the image placeholders expanded, instead of as text.
    ///
    /// @throws PromptRejectedException if the prompt cannot be taken; nothing is queued then
    public void submit(GenerationRequest request, TokenIds promptTokens) {
        List<PatchGrid> grids =
                request.prompt().images().stream().map(pictures::patches).toList();
        enqueue(request, new EncodedPrompt(promptTokens, grids));
    }

    private void enqueue(GenerationRequest request, EncodedPrompt prompt) {
        if (request.sampleIndices().size() > limits.slots()) {
            throw new IllegalArgumentException("request %s asks for %d samples of an engine with %d slots"
                    .formatted(request.id(), request.sampleIndices().size(), limits.slots()));
        }
        // Refuses placeholders that do not match the pictures here, not in the middle of a batch.
        MropePositions.of(prompt.tokens(), config, prompt.grids());
        int tokens = prompt.tokens().size() + request.sampling().maxTokens();
        if (tokens > limits.slotTokens()) {
            throw new PromptRejectedException("request %s needs %d tokens (prompt %d, response %d) of the %d of a slot"
                    .formatted(
                            request.id(),
                            tokens,
                            prompt.tokens().size(),
                            request.sampling().maxTokens(),
                            limits.slotTokens()));
        }
        waiting.add(new WaitingRequest(request, prompt));
    }

    @Override
    public List<FinishedSequence> step() {
        List<FinishedSequence> finished = new ArrayList<>();
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            if (!running.isEmpty()) {
                TokenSampler.append(scope, decoder.advance(scope, running), running, version);
            }
            startWaiting(scope);
            for (int slot = running.size() - 1; slot >= 0; slot--) {
                Optional<FinishReason> ending = running.get(slot).ending(encoder.stopTokenIds());
                if (ending.isPresent()) {
                    finished.add(running.get(slot).finished(encoder, ending.get()));
                    free(scope, slot);
                }
            }
        }
        return List.copyOf(finished.reversed());
    }

    @Override
    public void cancel(String requestId) {
        waiting.removeIf(request -> request.request().id().equals(requestId));
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            for (int slot = running.size() - 1; slot >= 0; slot--) {
                if (running.get(slot).request().id().equals(requestId)) {
                    free(scope, slot);
                }
            }
        }
    }

    @Override
    public void swap(WeightsSnapshot newWeights) {
        if (newWeights.version().compareTo(version) < 0) {
            throw new IllegalArgumentException(
                    "weights %s are older than the present %s".formatted(newWeights.version(), version));
        }
        Weights next = Weights.sharing(config, newWeights.tensors(), ComputeType.FLOAT32, owner);
        decoder.use(next);
        weights.close();
        weights = next;
        version = newWeights.version();
    }

    @Override
    public void close() {
        owner.close();
        tokenizer.close();
    }

    int nativeArrays() {
        return owner.manager().getManagedArrays().size();
    }

    /// Prefills in order what fits into free slots; each new sequence gets its first token.
    private void startWaiting(TensorScope scope) {
        for (List<WaitingRequest> batch = nextBatch(); !batch.isEmpty(); batch = nextBatch()) {
            SequenceDecoder.Prefilled prefilled = decoder.prefill(scope, batch, running.size());
            running.addAll(prefilled.sequences());
            TokenSampler.append(scope, prefilled.logits(), prefilled.sequences(), version);
        }
    }

    private List<WaitingRequest> nextBatch() {
        List<WaitingRequest> batch = new ArrayList<>();
        int free = limits.slots() - running.size();
        int longest = 0;
        for (WaitingRequest next = waiting.peek(); next != null; next = waiting.peek()) {
            longest = Math.max(longest, next.promptTokens());
            boolean tooMuch = !batch.isEmpty() && (batch.size() + 1L) * longest > limits.prefillTokens();
            if (next.samples() > free || tooMuch) {
                break;
            }
            free -= next.samples();
            batch.add(waiting.remove());
        }
        return batch;
    }

    /// Removes the sequence of a slot; the last sequence moves there.
    private void free(TensorScope scope, int slot) {
        Sequence last = running.removeLast();
        if (slot < running.size()) {
            cache.move(scope, running.size(), slot, last.cachedTokens());
            running.set(slot, last);
        }
    }
}
