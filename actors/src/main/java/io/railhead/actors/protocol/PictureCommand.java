package io.railhead.actors.protocol;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/// How pictures travel: once to each node that needs their bytes. All other messages name them by their SHA-256.
///
/// Whoever gets a message with pictures whose bytes are elsewhere has them fetched by its node's fetcher; that one
/// asks the desk of the controller's node, one picture a message.
public final class PictureCommand {
    private PictureCommand() {}

    /// What the desk hears.
    public sealed interface ToDesk {
        /// From a fetcher; repeated until it is answered.
        ///
        /// @param promptId of a prompt that shows the picture
        record SendPicture(String promptId, String sha256, ActorRef<ToFetcher> replyTo)
                implements ToDesk, ControlMessage {}

        non-sealed interface Internal extends ToDesk {}
    }

    /// What the fetcher hears.
    public sealed interface ToFetcher {
        /// From an actor of the same node: get the pictures of these prompts that are elsewhere. Always answered, with
        /// what is there when the fetcher's patience ends.
        ///
        /// @param ticket of the asker, for the answer
        record Fetch(long ticket, List<Prompt> prompts, ActorRef<Fetched> replyTo) implements ToFetcher {
            public Fetch {
                prompts = List.copyOf(prompts);
            }
        }

        /// From the desk, with its bytes.
        record PictureSent(EncodedImage picture) implements ToFetcher, WireMessage {}

        /// From the desk: it never will.
        record NoSuchPicture(String sha256, String cause) implements ToFetcher, ControlMessage {}

        non-sealed interface Internal extends ToFetcher {}
    }

    /// The answer to a `Fetch`.
    ///
    /// @param pictures by SHA-256, with their bytes
    /// @param missing those that did not come, by SHA-256, with the cause
    public record Fetched(long ticket, Map<String, EncodedImage> pictures, Map<String, String> missing) {
        public Fetched {
            pictures = Map.copyOf(pictures);
            missing = Map.copyOf(missing);
        }

        /// Why this prompt is not whole even with these pictures; empty if it is.
        public String faultOf(Prompt prompt) {
            return prompt.images().stream()
                    .filter(image -> !image.isHere() && !pictures.containsKey(image.sha256()))
                    .map(image -> "picture %s of prompt %s: %s"
                            .formatted(
                                    image.sha256(),
                                    prompt.id(),
                                    missing.getOrDefault(image.sha256(), "it was not asked for")))
                    .findFirst()
                    .orElse("");
        }
    }
}
