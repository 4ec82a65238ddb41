package io.railhead.rollout.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.Prompt;
import io.railhead.policy.SamplingParams;
import io.railhead.policy.TokenIds;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// How a kind of server is asked, and how its answers read. Pure: JSON in, JSON out.
sealed interface Dialect permits VllmDialect, SglangDialect {
    JsonMapper JSON = JsonMapper.builder().build();

    /// One sample of a prompt.
    ///
    /// @param written the prompt as the model's chat template writes it
    /// @param seed not negative
    record Ask(String model, Prompt prompt, String written, SamplingParams sampling, long seed) {}

    /// @param promptTokens as the server saw them, where it says so
    /// @param promptLength how many those were, where it says so
    record Answer(
            Optional<TokenIds> promptTokens,
            Optional<Integer> promptLength,
            TokenIds tokens,
            List<Float> logProbs,
            FinishReason finishReason) {
        public Answer {
            logProbs = List.copyOf(logProbs);
        }
    }

    /// A request to a path of the server.
    record Call(String path, ObjectNode body) {}

    static Dialect of(RemoteSettings.Api api) {
        return switch (api) {
            case VLLM -> new VllmDialect();
            case SGLANG -> new SglangDialect();
        };
    }

    Call generate(Ask ask);

    /// @throws RemoteFailedException naming what is missing or wrong
    Answer answer(JsonNode body);

    /// What makes the server take the weights of a model folder, in order.
    List<Call> reload(Path weights);

    /// @throws RemoteFailedException if the server says that it did not reload
    void requireReloaded(JsonNode body);

    static String dataUri(EncodedImage image) {
        byte[] bytes = image.toByteArray();
        String type = bytes.length > 0 && bytes[0] == (byte) 0xFF ? "jpeg" : "png";
        return "data:image/" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
    }

    static FinishReason finishReason(JsonNode reason) {
        return switch (reason.asText()) {
            case "stop" -> FinishReason.STOP;
            case "length" -> FinishReason.LENGTH;
            case String other -> throw new RemoteFailedException("the response ended by '" + other + "'");
        };
    }

    static TokenIds tokens(JsonNode array, String what) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            if (!array.get(i).isIntegralNumber()) {
                throw new RemoteFailedException(what + " holds " + array.get(i) + ", not a token");
            }
            ids[i] = array.get(i).intValue();
        }
        return TokenIds.of(ids);
    }

    /// Servers round: what is above 0 by that is 0.
    static float logProb(JsonNode number) {
        if (!number.isNumber() || number.doubleValue() > 1e-3) {
            throw new RemoteFailedException("a log-probability is " + number);
        }
        return (float) Math.min(0, number.doubleValue());
    }
}
