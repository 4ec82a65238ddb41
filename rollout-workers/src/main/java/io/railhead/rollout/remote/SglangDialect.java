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

/// SGLang's own interface: its OpenAI-compatible one does not name tokens. The prompt goes as the chat template writes
/// it.
record SglangDialect() implements Dialect {
    private static final int LOG_PROB = 0; // of a token's triple: log-probability, id, text
    private static final int ID = 1;

    @Override
    public Call generate(Ask ask) {
        ObjectNode body = JSON.createObjectNode();
        body.put("text", ask.written());
        if (!ask.prompt().images().isEmpty()) {
            ArrayNode images = body.putArray("image_data");
            for (EncodedImage image : ask.prompt().images()) {
                images.add(Dialect.dataUri(image));
            }
        }
        SamplingParams sampling = ask.sampling();
        body.putObject("sampling_params")
                .put("max_new_tokens", sampling.maxTokens())
                .put("temperature", sampling.temperature())
                .put("top_p", sampling.topP())
                .put("top_k", sampling.topK() == 0 ? -1 : sampling.topK())
                .put("min_p", 0)
                .put("repetition_penalty", 1)
                .put("sampling_seed", ask.seed());
        body.put("return_logprob", true).put("stream", false);
        return new Call("/generate", body);
    }

    @Override
    public Answer answer(JsonNode body) {
        JsonNode meta = body.path("meta_info");
        JsonNode triples = meta.path("output_token_logprobs");
        if (!triples.isArray()) {
            throw new RemoteFailedException("the response has no meta_info.output_token_logprobs");
        }
        List<Float> logProbs = new ArrayList<>();
        int[] ids = new int[triples.size()];
        for (int i = 0; i < ids.length; i++) {
            logProbs.add(Dialect.logProb(triples.get(i).path(LOG_PROB)));
            JsonNode id = triples.get(i).path(ID);
            if (!id.isIntegralNumber()) {
                throw new RemoteFailedException("output_token_logprobs holds " + triples.get(i));
            }
            ids[i] = id.intValue();
        }
        JsonNode length = meta.path("prompt_tokens");
        return new Answer(
                Optional.empty(),
                length.isIntegralNumber() ? Optional.of(length.intValue()) : Optional.empty(),
                TokenIds.of(ids),
                logProbs,
                Dialect.finishReason(meta.path("finish_reason").path("type")));
    }

    @Override
    public List<Call> reload(Path weights) {
        return List.of(new Call(
                "/update_weights_from_disk",
                JSON.createObjectNode()
                        .put("model_path", weights.toAbsolutePath().toString())));
    }

    @Override
    public void requireReloaded(JsonNode body) {
        if (!body.path("success").asBoolean()) {
            throw new RemoteFailedException(
                    "new weights were refused: " + body.path("message").asText());
        }
    }
}
