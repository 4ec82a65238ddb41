package io.railhead.actors.incarnation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncarnationsTest {
    private static final Incarnation ONE = new Incarnation(1);
    private static final Incarnation TWO = new Incarnation(2);

    @TempDir
    Path run;

    private Incarnations lives;

    @BeforeEach
    void open() {
        lives = Incarnations.in(run);
    }

    @Test
    void eachClaimTakesTheNextNumberAndFencesTheOnesBefore() throws IOException {
        assertThat(lives.newest()).isEqualTo(Incarnation.NONE);
        assertThat(lives.claim()).isEqualTo(ONE);
        Fence fence = lives.fence(ONE);
        assertThatCode(fence::check).doesNotThrowAnyException();
        assertThat(lives.claim()).isEqualTo(TWO);
        assertThatThrownBy(fence::check).isInstanceOf(FencedException.class).hasMessageContaining("i1");
        assertThatThrownBy(() -> lives.touch(ONE)).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> lives.begin(Birth.anew(ONE), "late")).isInstanceOf(FencedException.class);
    }

    @Test
    void ofManyWhoClaimAtOnceEachNumberGoesToOne() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        Set<Incarnation> claimed = ConcurrentHashMap.newKeySet();
        AtomicInteger twice = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> claims = IntStream.range(0, 64)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> {
                        start.await();
                        try {
                            twice.addAndGet(claimed.add(lives.claim()) ? 0 : 1);
                        } catch (FencedException _) {
                            // another was faster
                        }
                        return null;
                    }))
                    .toList();
            start.countDown();
            for (Future<?> claim : claims) {
                claim.get();
            }
        }
        assertThat(twice).hasValue(0);
        assertThat(claimed).isNotEmpty().allMatch(one -> one.compareTo(new Incarnation(64)) <= 0);
    }

    @Test
    void theLineageIsReadAsItWasWritten() throws IOException {
        Birth first = Birth.anew(lives.claim());
        lives.begin(first, "node a");
        Birth second = new Birth(lives.claim(), ONE, Optional.of(new PolicyVersion(30)));
        lives.begin(second, "node b\nwho=c");
        lives.claim(); // died before it began
        assertThat(lives.lineage()).isEqualTo(Lineage.of(List.of(first, second)));
        assertThat(lives.whoIs(ONE)).isEqualTo("node a");
        assertThat(lives.whoIs(new Incarnation(3))).isEqualTo("a node that has not begun");
    }

    @Test
    void aDamagedBirthIsNamed() throws IOException {
        lives.begin(Birth.anew(lives.claim()), "node a");
        Path birth = run.resolve("incarnations/1/birth");
        Files.writeString(birth, "nonsense");
        assertThatThrownBy(() -> lives.lineage())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(birth.toString());
    }

    @Test
    void aLifeIsAliveWhileItIsTouchedAndNotEnded() throws IOException {
        Duration patience = Duration.ofMinutes(1);
        assertThat(lives.living(patience)).isEmpty();
        lives.claim();
        assertThat(lives.living(patience)).hasValue(ONE);
        Files.setLastModifiedTime(
                run.resolve("incarnations/1/alive"), FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));
        assertThat(lives.living(patience)).isEmpty();
        lives.touch(ONE);
        assertThat(lives.living(patience)).hasValue(ONE);
        lives.end(ONE);
        assertThat(lives.living(patience)).isEmpty();
    }
}
