package io.railhead.reward;

import com.typesafe.config.Config;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.settings.StrictConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// The area `railhead.reward` of the configuration. Its `reference.conf` says what each key means.
///
/// @param scorer what scores in a run
/// @param isolation what is done about a function that fails
public record RewardSettings(
        RewardProfile profile, RewardWeights weights, Scorer scorer, int workers, int queue, Isolation isolation) {
    private static final double LARGEST_WEIGHT = 1000;
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    /// What scores in a run.
    public sealed interface Scorer {
        /// The function of the profile.
        record OfProfile() implements Scorer {}

        /// A class of the user's; no amount it says may be beyond `largest`.
        record Custom(String className, double largest) implements Scorer {}

        /// A service of the user's, likewise.
        ///
        /// @param url where items are posted to
        /// @param timeout of one attempt
        /// @param pause before the second attempt; doubles from one to the next
        /// @param token sent as bearer token, unless empty
        record Remote(URI url, int attempts, Duration timeout, Duration pause, String token, double largest)
                implements Scorer {}
    }

    /// What a function is held to, and what is done about one that fails.
    ///
    /// @param deadline for one score
    /// @param strikes failures after which a prompt is scored no more
    /// @param failuresInARow after which the function is left alone for `pause`
    /// @param lostThreads given-up threads that may be alive at once
    public record Isolation(Duration deadline, int strikes, int failuresInARow, Duration pause, int lostThreads) {
        /// The defaults, but for these two.
        public static Isolation of(Duration deadline, int strikes) {
            return new Isolation(deadline, strikes, 20, Duration.ofSeconds(10), 16);
        }
    }

    public RewardSettings {
        profile.function(weights); // the profile may refuse the weights
    }

    /// @throws ConfigurationException also if a custom class cannot be loaded
    public static RewardSettings from(Config config) {
        RewardSettings settings = StrictConfig.read(config, "railhead.reward", RewardSettings::from);
        settings.function();
        return settings;
    }

    /// A new function as the settings name it.
    public RewardFunction function() {
        return function(Optional.empty());
    }

    /// @param tls this node's identity, for a remote function that asks for certificates
    public RewardFunction function(Optional<SSLContext> tls) {
        return switch (scorer) {
            case Scorer.OfProfile _ -> grading();
            case Scorer.Custom custom -> new CheckedReward(CustomReward.load(custom.className()), custom.largest());
            case Scorer.Remote remote -> new CheckedReward(new RemoteReward(remote, tls), remote.largest());
        };
    }

    /// Makes sure that the function scores questions of this kind, before a run finds out.
    ///
    /// @param own questions of one's own; otherwise about maps
    /// @throws ConfigurationException if it is a class that scores only the other kind
    public void requireScoring(boolean own) {
        switch (scorer) {
            case Scorer.OfProfile _, Scorer.Remote _ -> {}
            case Scorer.Custom custom -> CustomReward.requireScoring(custom.className(), own);
        }
    }

    /// The function of the profile, whatever scores in a run.
    public GradingFunction grading() {
        return profile.function(weights);
    }

    private static RewardSettings from(StrictConfig section) {
        return new RewardSettings(
                section.choice("profile", RewardProfile.class),
                weights(section),
                scorer(section),
                section.integer("workers", 1, 10_000),
                section.integer("queue", 1, 10_000_000),
                new Isolation(
                        section.duration("deadline", SHORTEST, LONGEST),
                        section.integer("strikes", 1, 1000),
                        section.integer("failures-in-a-row", 1, 1_000_000),
                        section.duration("pause", SHORTEST, LONGEST),
                        section.integer("lost-threads", 1, 10_000)));
    }

    private static Scorer scorer(StrictConfig section) {
        double largest = section.number("largest", 1, 1e12);
        Scorer remote = section.section(
                "remote",
                keys -> new Scorer.Remote(
                        url(keys),
                        keys.integer("attempts", 1, 100),
                        keys.duration("timeout", SHORTEST, LONGEST),
                        keys.duration("pause", SHORTEST, LONGEST),
                        keys.optional("token", keys::text).orElse(""),
                        largest));
        String function = section.text("function");
        return switch (function) {
            case "profile" -> new Scorer.OfProfile();
            case "remote" -> remote;
            default -> new Scorer.Custom(function, largest);
        };
    }

    private static URI url(StrictConfig section) {
        try {
            URI url = new URI(section.text("url"));
            if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
                throw section.contradiction("url", "is no http or https address");
            }
            return url;
        } catch (URISyntaxException e) {
            throw section.contradiction("url", "is no address: " + e.getReason());
        }
    }

    private static RewardWeights weights(StrictConfig section) {
        double alpha = section.number("alpha", 0, LARGEST_WEIGHT);
        return section.section(
                "difficulty",
                difficulty -> new RewardWeights(
                        alpha,
                        difficulty.number("easy", 0, LARGEST_WEIGHT),
                        difficulty.number("middle", 0, LARGEST_WEIGHT),
                        difficulty.number("hard", 0, LARGEST_WEIGHT),
                        difficulty.number("direct", 0, LARGEST_WEIGHT),
                        difficulty.number("transfer", 0, LARGEST_WEIGHT)));
    }
}
