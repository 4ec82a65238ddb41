package io.railhead.rollout.remote;

import io.railhead.actors.settings.StrictConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// The section `railhead.rollout.remote`: the inference server that generates in place of the embedded engine.
///
/// @param url without a path, such as `http://gpu3:8000`
/// @param model by which name the server knows it
/// @param token sent as a bearer token; empty = none
/// @param logProbs of which distribution the server reports them
/// @param weights where new weights are written for the server, as a model folder that it reads
/// @param attempts of a call that fails on the way or is answered with 429 or from 500 on
/// @param pause before the second attempt; doubles with each
public record RemoteSettings(
        URI url,
        Api api,
        String model,
        String token,
        LogProbs logProbs,
        int slots,
        Path weights,
        Duration timeout,
        Duration reloadTimeout,
        int attempts,
        Duration pause) {
    private static final URI NONE = URI.create("http://none");
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(24);

    /// What the server is.
    public enum Api {
        VLLM,
        SGLANG
    }

    /// Of the distribution that tokens were drawn from, or of the model's own at temperature 1.
    public enum LogProbs {
        PROCESSED,
        RAW
    }

    /// The section's server; none if it has no `url`.
    public static Optional<RemoteSettings> from(StrictConfig section) {
        Optional<String> url = section.optional("url", section::text);
        Optional<String> model = section.optional("model", section::text);
        Optional<String> token = section.optional("token", section::text);
        Optional<String> weights = section.optional("weights", section::text);
        RemoteSettings settings = new RemoteSettings(
                url.map(text -> uri(section, text)).orElse(NONE),
                section.choice("api", Api.class),
                model.orElse(""),
                token.orElse(""),
                section.choice("log-probs", LogProbs.class),
                section.integer("slots", 1, 1 << 16),
                Path.of(weights.orElse("")),
                section.duration("timeout", SHORTEST, LONGEST),
                section.duration("reload-timeout", SHORTEST, LONGEST),
                section.integer("attempts", 1, 1000),
                section.duration("pause", SHORTEST, LONGEST));
        if (url.isPresent() && model.isEmpty()) {
            throw section.contradiction("model", "is not set, but url is " + url.get());
        }
        if (url.isPresent() && weights.isEmpty()) {
            throw section.contradiction("weights", "is not set, but url is " + url.get());
        }
        return url.map(_ -> settings);
    }

    private static URI uri(StrictConfig section, String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw section.contradiction("url", "is no address: " + e.getMessage());
        }
        throw section.contradiction("url", "is no http address: " + url);
    }
}
