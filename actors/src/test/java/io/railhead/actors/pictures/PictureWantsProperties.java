package io.railhead.actors.pictures;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.policy.EncodedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Random wants, answers and losses. A failure prints the seed that replays it.
class PictureWantsProperties {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<EncodedImage> PICTURES = IntStream.range(0, 12)
            .mapToObj(i -> EncodedImage.of(new byte[] {(byte) i}))
            .toList();

    private static final class Life {
        final Random random;
        final Set<Long> open = new HashSet<>();
        final Set<String> onTheirWay = new HashSet<>();
        PictureWants<String> state = PictureWants.none(Duration.ofSeconds(2));
        Instant now = Instant.EPOCH;
        long nextTicket;

        Life(long seed) {
            random = new Random(seed);
        }

        void step() {
            EncodedImage picture = PICTURES.get(random.nextInt(PICTURES.size()));
            switch (random.nextInt(5)) {
                case 0, 1 -> want();
                case 2 -> take(state.came(picture, now));
                case 3 -> take(state.failed(picture.sha256(), "unknown", now));
                default -> {
                    now = now.plusMillis(random.nextInt(8_000));
                    take(state.settled(now));
                }
            }
        }

        private void want() {
            LinkedHashMap<String, String> lacking = new LinkedHashMap<>();
            for (int count = random.nextInt(5); count > 0; count--) {
                lacking.put(PICTURES.get(random.nextInt(PICTURES.size())).sha256(), "prompt");
            }
            open.add(nextTicket);
            take(state.want("asker", nextTicket++, lacking, Map.of(), now.plus(PATIENCE), now));
        }

        private void take(PictureWants.Step<String> step) {
            state = step.next();
            step.answers()
                    .forEach(answer -> assertThat(open.remove(answer.fetched().ticket()))
                            .as("%s was answered before", answer)
                            .isTrue());
            assertThat(state.wants()).extracting(PictureWants.Want::ticket).containsExactlyInAnyOrderElementsOf(open);
            onTheirWay.retainAll(state.asks().keySet());
            step.questions().forEach(question -> {
                assertThat(state.wants(question.sha256())).isTrue();
                onTheirWay.add(question.sha256());
            });
            assertThat(onTheirWay).hasSizeLessThanOrEqualTo(PictureWants.IN_FLIGHT);
            assertThat(state.asks().isEmpty() || !onTheirWay.isEmpty()).isTrue();
        }
    }

    @Property(tries = 500)
    void everyWantIsAnsweredOnceAndFewPicturesAreOnTheirWay(@ForAll long seed, @ForAll @IntRange(max = 80) int steps) {
        Life life = new Life(seed);
        for (int i = 0; i < steps; i++) {
            life.step();
        }
        life.now = life.now.plus(PATIENCE);
        life.take(life.state.settled(life.now));
        assertThat(life.open).isEmpty();
    }
}
