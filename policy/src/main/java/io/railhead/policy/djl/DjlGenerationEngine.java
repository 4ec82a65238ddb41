package io.railhead.policy.djl;

import ai.djl.ndarray.NDArray;
import io.railhead.policy.AdapterDirectory;
import io.railhead.policy.ComputeType;
import io.railhead.policy.EncodedPrompt;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.InitialAdapters;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.PatchGrid;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.PromptEncoder;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.SwapMode;
import io.railhead.policy.TokenIds;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Continuous batching on the policy's network.
///
/// A step advances all running sequences by a token, then computes prompts that wait, as many as fit into the cache
/// and into one pass. A request gets all cache blocks that it can need before it starts, so nothing overflows in
/// the middle.
///
/// A sequence's random numbers are its own. On a processor for which oneDNN packs weights its log-probabilities
/// are, to the bit, the same whatever runs beside it; elsewhere they may differ by rounding with the size of the
/// batch.
public final class DjlGenerationEngine implements GenerationEngine {
    private final PolicyConfig config;
    private final EngineLimits limits;
    private final ComputeType type;
    private final Optional<LoraConfig> lora;
    private final DjlTokenizer tokenizer;
    private final PictureCache pictures;
    private final PromptEncoder encoder;
    private final TensorScope owner;
    private final KvCache cache;
    private final SequenceDecoder decoder;
    private final PromptQueue queue;
    private final Recomputation recomputation;
    private final SwapMode swapMode;
    private final int longest; // tokens of a sequence
    private final List<Sequence> running = new ArrayList<>();
    private GenerationWeights weights;
    private PolicyVersion version;
    private Optional<Awaited> awaited = Optional.empty(); // until the running sequences have ended
    private boolean outdated; // the cache holds what older weights computed, and must not

    /// New weights, until the engine takes them.
    private record Awaited(PolicyVersion version, Runnable take) {}

    private DjlGenerationEngine(
            ModelDirectory model,
            EngineOptions options,
            DjlTokenizer tokenizer,
            TensorScope owner,
            GenerationWeights weights,
            PolicyVersion version) {
        this.config = model.config();
        this.limits = options.limits();
        this.type = options.compute().type();
        this.lora = options.lora();
        this.tokenizer = tokenizer;
        this.pictures = new PictureCache(model.imageProcessor());
        this.encoder = model.encoder(tokenizer, pictures::patches);
        this.owner = owner;
        this.weights = weights;
        this.version = version;
        this.cache = new KvCache(config.text(), limits.cacheBlocks(), type, owner);
        this.longest = Math.min(limits.cacheTokens(), config.text().maxPositions());
        this.decoder = new SequenceDecoder(new PolicyNetwork(config, owner), type, cache, longest, owner);
        this.queue = new PromptQueue(limits.prefillTokens(), cache);
        this.recomputation = new Recomputation(decoder, cache, limits.prefillTokens(), owner);
        this.swapMode = options.swapMode();
    }

    /// Opens a model folder in Hugging Face layout and serves its weights under the given version. The calling
    /// thread alone may use the engine. Adapters of the folder are applied, whatever the options say.
    ///
    /// @throws InvalidModelException if the folder is no model that this policy computes
    /// @throws DeviceMissingException if the machine does not have the device of the options
    public static DjlGenerationEngine open(Path modelDirectory, PolicyVersion version, EngineOptions options)
            throws IOException {
        ModelDirectory model = ModelDirectory.open(modelDirectory);
        Optional<AdapterDirectory> adapters = model.adapters();
        if (adapters.isPresent() && options.lora().isPresent()) {
            LoraModel.requireSame(options.lora().get(), adapters.get().lora(), modelDirectory);
        }
        Optional<LoraConfig> lora = adapters.map(AdapterDirectory::lora).or(options::lora);
        try {
            List<NamedTensor> served = lora.isEmpty()
                    ? model.weights()
                    : adapters.map(AdapterDirectory::tensors)
                            .orElseGet(() -> InitialAdapters.random(model.config(), lora.get(), 0));
            EngineOptions with = lora.map(options::with).orElse(options);
            return open(model, new WeightsSnapshot(version, served), with);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(modelDirectory, String.valueOf(e.getMessage()), e);
        }
    }

    /// Serves the given weights with the tokenizer and the processor of a model folder. With LoRA the given weights
    /// are adapters, and the folder's are what they adapt.
    ///
    /// @throws IllegalArgumentException if names or shapes of the weights are not the model's
    public static DjlGenerationEngine open(ModelDirectory model, WeightsSnapshot weights, EngineOptions options)
            throws IOException {
        NativeSelfTest.ensurePassed(options.compute());
        DjlTokenizer tokenizer = DjlTokenizer.open(model.tokenizerFile());
        TensorScope owner = TensorScope.ofThisThread(options.compute().device());
        try {
            List<NamedTensor> base = options.lora().isPresent() ? model.weights() : weights.tensors();
            GenerationWeights own = GenerationWeights.of(
                    model.config(),
                    StoredWeights.of(model.config(), base),
                    options.compute().type(),
                    owner);
            options.lora().ifPresent(lora -> own.adapt(lora, weights.tensors()));
            return new DjlGenerationEngine(model, options, tokenizer, owner, own, weights.version());
        } catch (IOException | IllegalArgumentException e) {
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
        return running.size() + queue.samples();
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
        PromptLayout layout = PromptLayout.of(prompt, config); // refuses placeholders that do not match the pictures
        WaitingRequest waiting = new WaitingRequest(request, layout);
        int tokens = layout.size() + request.sampling().maxTokens();
        if (tokens > longest) {
            throw new PromptRejectedException("request %s needs %d tokens (prompt %d, response %d) of at most %d"
                    .formatted(
                            request.id(),
                            tokens,
                            layout.size(),
                            request.sampling().maxTokens(),
                            longest));
        }
        if (waiting.blocks() > cache.blocks()) {
            throw new PromptRejectedException(
                    "request %s needs %d cache blocks of %d tokens (prompt %d, %d responses of %d) of %d"
                            .formatted(
                                    request.id(),
                                    waiting.blocks(),
                                    KvCache.BLOCK,
                                    layout.size(),
                                    waiting.samples(),
                                    request.sampling().maxTokens(),
                                    cache.blocks()));
        }
        queue.add(waiting);
    }

    @Override
    public List<FinishedSequence> step() {
        return NativeFailures.within(this::advance);
    }

    private List<FinishedSequence> advance() {
        if (outdated) {
            recomputation.run(running, weights);
            outdated = false;
        }
        try (TensorScope scope = TensorScope.within(owner.manager())) {
            if (!running.isEmpty()) {
                DecodeBatch batch = decoder.batch(running);
                TokenSampler.append(scope, decoder.advance(scope, weights, batch), batch.sequences(), version);
            }
            if (awaited.isEmpty()) {
                computePrompts(scope);
            }
        }
        decoder.trim();
        List<FinishedSequence> finished = new ArrayList<>();
        for (Sequence sequence : List.copyOf(running)) {
            sequence.ending(encoder.stopTokenIds()).ifPresent(reason -> {
                finished.add(sequence.finished(encoder, reason));
                end(sequence);
            });
        }
        return List.copyOf(finished);
    }

    /// None: prompts are refused as they are submitted.
    @Override
    public List<Refusal> refused() {
        return List.of();
    }

    @Override
    public void cancel(String requestId) {
        queue.cancel(requestId);
        running.stream()
                .filter(sequence -> sequence.request().id().equals(requestId))
                .toList()
                .forEach(this::end);
    }

    @Override
    public void swap(WeightsSnapshot newWeights) {
        PolicyVersion newest = awaited.map(Awaited::version).orElse(version);
        if (newWeights.version().compareTo(newest) < 0) {
            throw new IllegalArgumentException(
                    "weights %s are older than the present %s".formatted(newWeights.version(), newest));
        }
        awaited = Optional.of(new Awaited(newWeights.version(), checked(newWeights.tensors())));
        if (swapMode != SwapMode.DRAIN || running.isEmpty()) {
            takeAwaited();
        }
    }

    /// What takes the tensors, which are the model's or, where it serves adapters, those.
    ///
    /// @throws IllegalArgumentException if they are not
    private Runnable checked(List<NamedTensor> tensors) {
        if (lora.isPresent()) {
            try (TensorScope scope = TensorScope.within(owner)) {
                Adapters.of(config, lora.get(), tensors, type, scope);
            }
            return () -> weights.adapt(lora.get(), tensors);
        }
        StoredWeights stored = StoredWeights.of(config, tensors);
        return () -> {
            weights.close();
            weights = GenerationWeights.of(config, stored, type, owner);
        };
    }

    private void takeAwaited() {
        Awaited next = awaited.orElseThrow();
        awaited = Optional.empty();
        next.take().run();
        decoder.weightsChanged();
        version = next.version();
        if (swapMode != SwapMode.KEEP_CACHE) {
            queue.restart(); // a prompt that is half computed begins again
            outdated = !running.isEmpty();
        }
    }

    @Override
    public void close() {
        owner.close();
        tokenizer.close();
    }

    int nativeArrays() {
        return owner.manager().getManagedArrays().size();
    }

    /// Computes prompts that wait; a sequence whose prompt is complete gets its first token.
    private void computePrompts(TensorScope scope) {
        List<PromptGroup> groups = queue.next(limits.slots() - running.size());
        if (groups.isEmpty()) {
            return;
        }
        ChunkLayout layout = new ChunkLayout(groups.stream()
                .map(group -> group.nextChunk(decoder, weights, limits.prefillTokens()))
                .toList());
        NDArray hidden = decoder.prefill(scope, weights, layout);
        List<Sequence> begun = new ArrayList<>();
        IntList lastRows = new IntList(); // of each sequence's prompt
        for (int i = 0; i < groups.size(); i++) {
            PromptGroup group = groups.get(i);
            if (group.remaining() > 0) {
                queue.goOnWith(group);
                continue;
            }
            group.copyTail(scope, cache);
            for (Sequence sequence : group.sequences()) {
                begun.add(sequence);
                lastRows.add(layout.lastRow(i));
            }
        }
        if (!begun.isEmpty()) {
            NDArray logits = decoder.logits(scope, weights, hidden, lastRows.toArray());
            TokenSampler.append(scope, logits, begun, version);
            running.addAll(begun);
        }
    }

    private void end(Sequence sequence) {
        running.remove(sequence);
        cache.release(sequence.blocks());
        if (running.isEmpty() && awaited.isPresent()) {
            takeAwaited();
        }
    }
}
