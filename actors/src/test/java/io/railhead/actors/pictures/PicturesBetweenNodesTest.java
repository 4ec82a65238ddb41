package io.railhead.actors.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.cluster.Node;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.PictureCommand.Fetched;
import io.railhead.actors.protocol.PictureCommand.ToDesk;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.junit.jupiter.api.Test;

/// Two nodes over the network, with frames as small as can be configured.
class PicturesBetweenNodesTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final ServiceKey<ToDesk> KEY =
            ServiceKeys.of(Incarnation.NONE).pictureDesk();
    private static final Config CONFIG = ConfigFactory.parseString("""
            railhead.cluster { port = 0, exit-when-removed = false, roles = [rollout], maximum-frame-size = 32 KiB }
            """).withFallback(ConfigFactory.load());

    @Test
    void thePictureThatIsJustLetThroughArrivesAndTheUnknownOneIsNamed() throws Exception {
        EncodedImage big = biggest(new FrameLimit(32 << 10));
        EncodedImage unknown = EncodedImage.elsewhere("0123456789abcdef".repeat(4), 1);
        PictureBook book = new PictureBook(Map.of("big", big, "small", EncodedImage.of(new byte[] {1})));
        List<Prompt> wanted = List.of(showing("big", big), showing("small", unknown));
        PictureShelf shelf = new PictureShelf(1 << 20);
        LinkedBlockingQueue<Fetched> answers = new LinkedBlockingQueue<>();

        Node<ToDesk> first =
                Node.clustered(PictureDesk.create(KEY, new PictureSource(book)), ClusterSettings.from(CONFIG), CONFIG);
        Config joining = ConfigFactory.parseString("railhead.cluster.seed-nodes = [\"" + first.address() + "\"]")
                .withFallback(CONFIG);
        Node<Object> second = Node.clustered(asking(shelf, wanted, answers), ClusterSettings.from(joining), joining);

        Fetched fetched = answers.poll(DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(fetched)
                .isEqualTo(new Fetched(
                        1,
                        Map.of(big.sha256(), big),
                        Map.of(unknown.sha256(), "prompt small shows no picture " + unknown.sha256() + " here")));
        assertThat(shelf.find(big.sha256()).orElseThrow().toByteArray()).isEqualTo(big.toByteArray());
        second.stop(DEADLINE);
        first.stop(DEADLINE);
    }

    /// Has the pictures fetched as soon as there is a desk.
    private static Behavior<Object> asking(PictureShelf shelf, List<Prompt> wanted, LinkedBlockingQueue<Fetched> to) {
        return Behaviors.setup(context -> {
            ActorRef<Fetched> answer = context.messageAdapter(Fetched.class, fetched -> fetched);
            ActorRef<Receptionist.Listing> listings =
                    context.messageAdapter(Receptionist.Listing.class, listing -> listing);
            context.getSystem().receptionist().tell(Receptionist.subscribe(KEY, listings));
            return Behaviors.receiveMessage(message -> {
                if (message instanceof Receptionist.Listing listing) {
                    listing.getServiceInstances(KEY)
                            .forEach(desk -> context.spawnAnonymous(
                                            PictureFetcher.create(shelf, desk, DEADLINE, Clock.systemUTC()))
                                    .tell(new ToFetcher.Fetch(1, wanted, answer)));
                } else if (message instanceof Fetched fetched) {
                    to.add(fetched);
                }
                return Behaviors.same();
            });
        });
    }

    private static EncodedImage biggest(FrameLimit limit) {
        return Stream.iterate((32 << 10), bytes -> bytes - 1)
                .map(bytes -> EncodedImage.of(noise(bytes)))
                .filter(image ->
                        limit.objection(new ToFetcher.PictureSent(image)).isEmpty())
                .findFirst()
                .orElseThrow();
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        IntStream.range(0, length).forEach(i -> bytes[i] = (byte) (i * 31));
        return bytes;
    }

    private static Prompt showing(String id, EncodedImage picture) {
        return new Prompt(id, "where?", List.of(EncodedImage.elsewhere(picture.sha256(), picture.byteCount())));
    }
}
