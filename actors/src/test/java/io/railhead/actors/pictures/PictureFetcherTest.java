package io.railhead.actors.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.SettableClock;
import io.railhead.actors.cluster.ServiceKeys;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.PictureCommand.Fetched;
import io.railhead.actors.protocol.PictureCommand.ToDesk;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The fetcher with a silent desk, and with the real one.
class PictureFetcherTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final EncodedImage PICTURE = picture(1);
    private static final EncodedImage NAMED = named(PICTURE);

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final SettableClock clock = new SettableClock(Instant.EPOCH);
    private final TestProbe<ToDesk> desk = kit.createTestProbe();
    private final TestProbe<Fetched> asker = kit.createTestProbe();
    private final TestProbe<Fetched> other = kit.createTestProbe();
    private final PictureShelf shelf = new PictureShelf(1 << 20);
    private final ActorRef<ToFetcher> fetcher = fetcher(desk.getRef());

    @AfterEach
    void stopActors() {
        kit.shutdownTestKit();
    }

    @Test
    void twoActorsThatWantOnePictureShareOneQuestionAndLaterOnesFindItOnTheShelf() {
        fetch(1, asker, prompt("a", NAMED));
        fetch(2, other, prompt("b", NAMED));
        assertThat(question()).isEqualTo(new ToDesk.SendPicture("a", PICTURE.sha256(), fetcher));
        desk.expectNoMessage();

        fetcher.tell(new ToFetcher.PictureSent(PICTURE));

        assertThat(asker.receiveMessage()).isEqualTo(answer(1, PICTURE));
        assertThat(other.receiveMessage()).isEqualTo(answer(2, PICTURE));
        fetch(3, other, prompt("c", NAMED));
        assertThat(other.receiveMessage()).isEqualTo(answer(3, PICTURE));
        desk.expectNoMessage();
    }

    @Test
    void asksAgainAfterALossWithGrowingPauses() {
        fetch(1, asker, prompt("a", NAMED));
        ToDesk.SendPicture first = question();
        pass(Duration.ofSeconds(2));
        assertThat(question()).isEqualTo(first);
        pass(Duration.ofSeconds(3));
        desk.expectNoMessage();
        pass(Duration.ofSeconds(1));
        assertThat(question()).isEqualTo(first);

        fetcher.tell(new ToFetcher.PictureSent(PICTURE));
        fetcher.tell(new ToFetcher.PictureSent(PICTURE)); // the answer to the other question

        assertThat(asker.receiveMessage()).isEqualTo(answer(1, PICTURE));
        asker.expectNoMessage();
    }

    @Test
    void givesUpWhenItsPatienceEnds() {
        fetch(1, asker, prompt("a", NAMED));
        question(); // its patience has begun
        pass(PATIENCE);
        assertThat(asker.receiveMessage())
                .isEqualTo(new Fetched(1, Map.of(), Map.of(PICTURE.sha256(), "it did not come in time")));
        fetcher.tell(new ToFetcher.PictureSent(PICTURE));
        await();
        assertThat(shelf.find(PICTURE.sha256())).isEmpty(); // nobody waited for it
    }

    @Test
    void hasAFewPicturesOnTheirWayAtATime() {
        List<EncodedImage> many =
                IntStream.range(0, 10).mapToObj(PictureFetcherTest::picture).toList();
        for (int i = 0; i < many.size(); i++) {
            fetch(i, asker, prompt("p" + i, named(many.get(i))));
        }
        for (int i = 0; i < PictureWants.IN_FLIGHT; i++) {
            assertThat(question().promptId()).isEqualTo("p" + i);
        }
        desk.expectNoMessage();
        fetcher.tell(new ToFetcher.PictureSent(many.get(2)));
        assertThat(question().promptId()).isEqualTo("p4");
        desk.expectNoMessage();
    }

    @Test
    void whatNobodyAskedForIsNotKept() {
        fetch(1, asker, prompt("a", NAMED));
        fetcher.tell(new ToFetcher.PictureSent(picture(2)));
        fetcher.tell(new ToFetcher.PictureSent(PICTURE));
        asker.expectMessage(answer(1, PICTURE));
        assertThat(shelf.bytes()).isEqualTo(PICTURE.byteCount());
    }

    @Test
    void theDeskAnswersFromThePromptsAndSaysWhatTheyDoNotShow() {
        EncodedImage unknown = picture(9);
        ActorRef<ToDesk> real = kit.spawn(PictureDesk.create(
                ServiceKeys.of(Incarnation.NONE).pictureDesk(),
                new PictureSource(new PictureBook(Map.of("a", PICTURE)))));
        ActorRef<ToFetcher> fetching = fetcher(real);

        fetching.tell(new ToFetcher.Fetch(
                1, List.of(prompt("a", NAMED), prompt("a", named(unknown)), prompt("b", picture(3))), asker.getRef()));

        Fetched fetched = asker.receiveMessage();
        assertThat(fetched)
                .isEqualTo(new Fetched(
                        1,
                        Map.of(PICTURE.sha256(), PICTURE),
                        Map.of(unknown.sha256(), "prompt a shows no picture " + unknown.sha256() + " here")));
        assertThat(fetched.faultOf(prompt("a", NAMED))).isEmpty();
        assertThat(fetched.faultOf(prompt("a", named(unknown))))
                .isEqualTo("picture %1$s of prompt a: prompt a shows no picture %1$s here".formatted(unknown.sha256()));
    }

    /// Both in steps, as timers and clock would move together.
    private void pass(Duration duration) {
        Duration step = Duration.ofSeconds(1);
        for (Duration left = duration; left.isPositive(); left = left.minus(step)) {
            clock.advance(step);
            time.timePasses(step);
            await();
        }
    }

    /// Until the fetcher has done all that it was told.
    private void await() {
        fetch(-1, other);
        other.expectMessage(new Fetched(-1, Map.of(), Map.of()));
    }

    private ToDesk.SendPicture question() {
        return desk.expectMessageClass(ToDesk.SendPicture.class);
    }

    private void fetch(long ticket, TestProbe<Fetched> probe, Prompt... prompts) {
        fetcher.tell(new ToFetcher.Fetch(ticket, List.of(prompts), probe.getRef()));
    }

    private ActorRef<ToFetcher> fetcher(ActorRef<ToDesk> at) {
        return kit.spawn(PictureFetcher.create(shelf, at, PATIENCE, clock));
    }

    private static Fetched answer(long ticket, EncodedImage picture) {
        return new Fetched(ticket, Map.of(picture.sha256(), picture), Map.of());
    }

    private static Prompt prompt(String id, EncodedImage picture) {
        return new Prompt(id, "where?", List.of(picture));
    }

    private static EncodedImage picture(int number) {
        return EncodedImage.of(new byte[] {(byte) number, 2, 3});
    }

    private static EncodedImage named(EncodedImage picture) {
        return EncodedImage.elsewhere(picture.sha256(), picture.byteCount());
    }
}
