package io.railhead.actors.incarnation;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Lives that begin, commit, freeze and thaw at random: what a life committed before the next one looked for a
/// commit counts if that one went on from it or from a later one; what it commits afterwards never does.
class LineageProperties {
    private record Commit(Incarnation maker, PolicyVersion version) {}

    @Property
    void theHistoryIsTheChainOfCommitsThatLivesWentOnFrom(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int lives) {
        Random random = new Random(seed);
        Lineage lineage = Lineage.EMPTY;
        List<Commit> onDisk = new ArrayList<>();
        Map<Long, Commit> history = new HashMap<>(); // the slow twin: commits of the surviving history, by version
        Map<Incarnation, Long> frozenAt = new HashMap<>();
        for (int i = 1; i <= lives; i++) {
            Incarnation life = new Incarnation(i);
            Lineage before = lineage;
            Optional<Commit> from = onDisk.stream()
                    .filter(commit -> before.holds(commit.maker(), commit.version()))
                    .max((a, b) -> a.version().compareTo(b.version()));
            assertThat(from)
                    .isEqualTo(
                            history.values().stream().max((a, b) -> a.version().compareTo(b.version())));
            lineage = lineage.plus(from.map(commit -> new Birth(life, commit.maker(), Optional.of(commit.version())))
                    .orElseGet(() -> Birth.anew(life)));
            long version = from.map(commit -> commit.version().number()).orElse(0L);
            for (int step = random.nextInt(4); step > 0; step--) {
                version += 1 + random.nextInt(2);
                Commit commit = new Commit(life, new PolicyVersion(version));
                onDisk.add(commit);
                history.put(version, commit);
            }
            frozenAt.put(life, version);
            thaw(random, frozenAt, life, onDisk);
        }
    }

    /// An older life renames a commit that it had ready.
    private static void thaw(Random random, Map<Incarnation, Long> frozenAt, Incarnation present, List<Commit> onDisk) {
        frozenAt.forEach((life, version) -> {
            if (life.compareTo(present) < 0 && random.nextBoolean()) {
                onDisk.add(new Commit(life, new PolicyVersion(version + 1 + random.nextInt(3))));
            }
        });
    }
}
