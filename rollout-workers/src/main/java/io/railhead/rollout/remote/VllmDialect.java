package io.railhead.rollout.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// vLLM's OpenAI-compatible server: chat completions with `return_token_ids`, and its development endpoints for new
/// weights, which it has when it is started with `VLLM_SERVER_DEV_MODE=1`.
///
/// The server's model must be the folder that the weights are written to, since it reads that one again.
record VllmDialect() implements Dialect {
    @Override
    public Call generate(Ask ask) {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", ask.model());
        ArrayNode content =
                body.putArray("messages").addObject().put("role", "user").putArray("content");
        for (EncodedImage image : ask.prompt().images()) {
            ObjectNode part = content.addObject().put("type", "image_url");
            part.putObject("image_url").put("url", Dialect.dataUri(image));
        }
        content.addObject().put("type", "text").put("text", ask.prompt().text());
        SamplingParams sampling = ask.sampling();
        body.put("max_tokens", sampling.maxTokens())
                .put("temperature", sampling.temperature())
                .put("top_p", sampling.topP())
                .put("top_k", sampling.topK() == 0 ? -1 : sampling.topK())
                // What the server's own defaults could change.
                .put("min_p", 0)
                .put("repetition_penalty", 1)
                .put("seed", ask.seed())
                .put("n", 1)
                .put("stream", false)
                .put("logprobs", true)
                .put("return_token_ids", true);
        return new Call("/v1/chat/completions", body);
    }

    @Override
    public Answer answer(JsonNode body) {
        JsonNode choice = body.path("choices").path(0);
        JsonNode ids = choice.path("token_ids");
        JsonNode content = choice.path("logprobs").path("content");
        if (!ids.isArray() || !content.isArray()) {
            throw new RemoteFailedException("the response has no token_ids and logprobs: the server must know"
                    + " return_token_ids (vLLM from 0.10.2)");
        }
        if (ids.size() != content.size()) {
            throw new RemoteFailedException(
                    "%d tokens with %d log-probabilities".formatted(ids.size(), content.size()));
        }
        List<Float> logProbs = new ArrayList<>();
        for (JsonNode token : content) {
            logProbs.add(Dialect.logProb(token.path("logprob")));
        }
        JsonNode prompt = body.path("prompt_token_ids");
        Optional<TokenIds> promptTokens =
                prompt.isArray() ? Optional.of(Dialect.tokens(prompt, "prompt_token_ids")) : Optional.empty();
        return new Answer(
                promptTokens,
                Optional.empty(),
                Dialect.tokens(ids, "token_ids"),
                logProbs,
                Dialect.finishReason(choice.path("finish_reason")));
    }

    @Override
    public List<Call> reload(Path weights) {
        return List.of(
                new Call("/collective_rpc", JSON.createObjectNode().put("method", "reload_weights")),
                // Keys and values of the old weights must not serve prompts that begin alike.
                new Call("/reset_prefix_cache", JSON.createObjectNode()));
    }

    /// The status says it all.
    @Override
    public void requireReloaded(JsonNode body) {}
}
