package io.railhead.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LiveFeedTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final AtomicInteger asked = new AtomicInteger(); // since the first listener came
    private final AtomicInteger inAll = new AtomicInteger();
    private final TestProbe<LiveFeed.Seat> seats = KIT.createTestProbe();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    @Test
    void aListenerThatDoesNotReadIsDropped() {
        ActorRef<LiveFeed.Command> feed = feed(1);
        assertThat(seat(feed).stream()).isPresent(); // and never read
        LiveFeed.Seat next = seat(feed);
        while (next.stream().isEmpty()) {
            next = seat(feed);
        }
        assertThat(inAll.get()).isGreaterThanOrEqualTo(LiveFeed.BEHIND);
        KIT.stop(feed);
    }

    @Test
    void whoReadsHearsEveryNewsInOrderWhateverOthersDo() throws Exception {
        ActorRef<LiveFeed.Command> feed = feed(2);
        assertThat(seat(feed).stream()).isPresent(); // and never read
        List<String> heard = seat(feed).stream()
                .orElseThrow()
                .map(ByteString::utf8String)
                .take(60)
                .runWith(Sink.seq(), KIT.system())
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        List<Integer> numbers = heard.stream()
                .filter(text -> !text.startsWith(":"))
                .map(Integer::valueOf)
                .toList();
        int first = numbers.getFirst();
        assertThat(numbers).hasSizeGreaterThan(2 * LiveFeed.BEHIND);
        assertThat(numbers.getLast() - first).isEqualTo(numbers.size() - 1);
        KIT.stop(feed);
    }

    @Test
    void nothingIsAskedWhileNobodyListens() throws Exception {
        ActorRef<LiveFeed.Command> feed = feed(1);
        seats.expectNoMessage(Duration.ofMillis(100));
        assertThat(asked.get()).isZero();
        CompletionStage<?> ended = seat(feed).stream().orElseThrow().runWith(Sink.ignore(), KIT.system());
        KIT.stop(feed);
        ended.toCompletableFuture().get(20, TimeUnit.SECONDS); // streams end with the actor
    }

    private ActorRef<LiveFeed.Command> feed(int listeners) {
        LiveFeed.Limits limits = new LiveFeed.Limits(listeners, Duration.ofMillis(2), Duration.ofSeconds(10));
        return KIT.spawn(LiveFeed.create(limits, new Counting()));
    }

    private LiveFeed.Seat seat(ActorRef<LiveFeed.Command> feed) {
        feed.tell(new LiveFeed.Listen(seats.getRef()));
        return seats.receiveMessage();
    }

    private final class Counting implements LiveFeed.News {
        @Override
        public void begin() {
            asked.set(0);
        }

        @Override
        public CompletionStage<List<ByteString>> next() {
            inAll.incrementAndGet();
            return CompletableFuture.completedFuture(
                    List.of(ByteString.fromString(String.valueOf(asked.incrementAndGet()))));
        }
    }
}
