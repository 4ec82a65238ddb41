package io.railhead.actors.weights.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.weights.delta.BlockWorkers;
import io.railhead.actors.weights.delta.ContentSums;
import io.railhead.actors.weights.delta.RandomWeights;
import io.railhead.actors.weights.delta.Transfer;
import io.railhead.actors.weights.port.WeightsServer.Answer;
import io.railhead.policy.WeightsSnapshot;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WeightsShelfTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(60);

    private final WeightsShelf shelf = new WeightsShelf(2, 1);

    @Test
    void oldestSnapshotsGoFirst() throws InterruptedException {
        for (int version = 1; version <= 3; version++) {
            Offer offer = offer(version);
            shelf.put(offer.hop(), () -> offer);
        }
        assertThat(shelf.find(offer(1).hop(), SHORT)).isEqualTo(new Answer.NotHere());
        assertThat(shelf.find(offer(2).hop(), SHORT)).isInstanceOf(Answer.Found.class);
        assertThat(shelf.find(offer(3).hop(), SHORT)).isInstanceOf(Answer.Found.class);
    }

    @Test
    void offerIsMadeOnceAndOnlyWhenSomebodyWantsIt() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        Offer offer = offer(1);
        shelf.put(offer.hop(), () -> {
            made.incrementAndGet();
            return offer;
        });
        assertThat(made).hasValue(0);
        assertThat(shelf.find(offer.hop(), SHORT)).isEqualTo(new Answer.Found(offer));
        assertThat(shelf.find(offer.hop(), SHORT)).isEqualTo(new Answer.Found(offer));
        assertThat(made).hasValue(1);
    }

    @Test
    void whatIsBeingFetchedIsSaidToCome() throws InterruptedException {
        Offer offer = offer(1);
        shelf.expect(offer.hop().version());
        assertThat(shelf.find(offer.hop(), SHORT)).isEqualTo(new Answer.Coming());
        shelf.arrived(offer.hop().version());
        assertThat(shelf.find(offer.hop(), SHORT)).isEqualTo(new Answer.NotHere());
    }

    @Test
    void whoWaitsGetsWhatComes() throws InterruptedException, ExecutionException, TimeoutException {
        Offer offer = offer(1);
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return shelf.find(offer.hop(), LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        shelf.put(offer.hop(), () -> offer);
        assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(new Answer.Found(offer));
    }

    private static Offer offer(int version) {
        WeightsSnapshot snapshot = RandomWeights.draw(version, 1, 10);
        Transfer transfer = Transfer.snapshot(snapshot, ContentSums.of(snapshot, new BlockWorkers(1)));
        return Offer.of(transfer, ManifestSigner.NONE);
    }
}
