package io.railhead.app.command;

import io.railhead.app.run.ItemInput;
import io.railhead.app.run.PolicySettings;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.Responses;
import io.railhead.app.run.UsageException;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationRequest;
import io.railhead.policy.Prompt;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import io.railhead.policy.djl.DjlGenerationEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead generate`.
@Command(name = "generate", mixinStandardHelpOptions = true, description = "Answers a prompt about a picture.")
final class GenerateCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--image", paramLabel = "FILE", description = "A PNG or JPEG file.")
    private @Nullable Path image;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "What is asked.")
    private @Nullable String prompt;

    @Option(
            names = "--batch",
            description = "Answers JSON lines (prompt or input_ids, optional image) from standard input.")
    private boolean batch;

    @Option(names = "--max-tokens", paramLabel = "N", description = "The longest answer (default: 64).")
    private int maxTokens = 64;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "0 is greedy (default: 0; of the model's generation_config.json only the end tokens count).")
    private double temperature;

    @Option(names = "--top-p", paramLabel = "P", description = "The likeliest tokens that make up P (default: 1, all).")
    private double topP = 1;

    @Option(names = "--top-k", paramLabel = "K", description = "The K likeliest tokens (default: 0, all).")
    private int topK;

    @Option(names = "--seed", paramLabel = "S", description = "Seed of the sampling (default: 1).")
    private long seed = 1;

    @Option(names = "--json", description = "JSON with text, token_ids, logprobs and raw_logprobs instead of text.")
    private boolean json;

    private final Terminal terminal;

    GenerateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (batch == (prompt != null)) {
            throw new UsageException("give either --prompt TEXT or --batch");
        }
        if (batch && image != null) {
            throw new UsageException("--image goes with --prompt; with --batch each line names its own image");
        }
        SamplingParams sampling = sampling();
        List<Asked> asked = batch ? batched() : List.of(single());
        PolicySettings settings = PolicySettings.from(config.resolve(model.settings()));
        PolicySource source = PolicySource.of(settings.model());
        List<GenerationRequest> requests = new ArrayList<>();
        try (DjlGenerationEngine engine = source.engine(settings.engine())) {
            for (Asked one : asked) {
                String id = Integer.toString(requests.size());
                GenerationRequest request = new GenerationRequest(id, one.prompt(), List.of(0), sampling, seed);
                requests.add(request);
                submit(engine, one, request);
            }
            for (FinishedSequence sequence : Responses.ofSubmitted(requests, engine, _ -> {})) {
                terminal.out().println(json || batch ? Json.line(object(sequence)) : sequence.text());
            }
        }
        return 0;
    }

    /// @throws UsageException naming the line whose prompt the engine does not take
    private void submit(DjlGenerationEngine engine, Asked asked, GenerationRequest request) {
        try {
            asked.tokens().ifPresentOrElse(tokens -> engine.submit(request, tokens), () -> engine.submit(request));
        } catch (PromptRejectedException e) {
            throw batch ? new UsageException(asked.prompt().id() + ": " + e.getMessage(), e) : e;
        }
    }

    /// A prompt, or in place of its text the tokens of it.
    private record Asked(Prompt prompt, Optional<TokenIds> tokens) {}

    private SamplingParams sampling() {
        try {
            return new SamplingParams(maxTokens, temperature, topP, topK);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private Asked single() {
        List<EncodedImage> images = image == null ? List.of() : List.of(ItemInput.picture(image));
        return new Asked(new Prompt("prompt", String.valueOf(prompt), images), Optional.empty());
    }

    private List<Asked> batched() {
        List<Asked> asked = new ArrayList<>();
        for (JsonLines.Line line : JsonLines.read(terminal.in())) {
            asked.add(
                    line.object().has("input_ids")
                            ? new Asked(
                                    new Prompt(line.where(), "", ItemInput.pictures(line.object(), line.where())),
                                    Optional.of(ItemInput.tokens(line.object(), line.where())))
                            : new Asked(ItemInput.prompt(line.object(), line.where()), Optional.empty()));
        }
        return asked;
    }

    private static Map<String, Object> object(FinishedSequence sequence) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", sequence.text());
        object.put("token_ids", sequence.response().ids().toArray());
        object.put("logprobs", sequence.response().behaviourLogProbs());
        object.put("raw_logprobs", sequence.response().rawLogProbs());
        object.put("finish_reason", sequence.finishReason().name().toLowerCase(Locale.ROOT));
        return object;
    }
}
