package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SentRolloutsProperties {
    private static final Duration WINDOW = Duration.ofSeconds(20);
    private static final long CAPACITY = 12; // tokens

    /// @param steps a receiver (0 to 2) and how many tokens it is sent (1 to 4), one rollout a second; or (3, 4) the
    /// loss
    ///     of receiver 0 or 1
    @Property(tries = 500)
    void whatALostReceiverWasSentIsGivenOnceInOrderUnlessItIsOldOrBeyondTheCapacity(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 19) Integer> steps) {
        SentRollouts<Integer> sent = new SentRollouts<>(WINDOW, CAPACITY);
        List<Twin> twin = new ArrayList<>();
        for (int second = 0; second < steps.size(); second++) {
            int receiver = steps.get(second) / 4;
            int tokens = steps.get(second) % 4 + 1;
            Instant now = Instant.EPOCH.plusSeconds(second);
            if (receiver < 3) {
                Rollout rollout = TestRollouts.of(second, tokens);
                sent.add(receiver, rollout, now);
                twin.add(new Twin(receiver, rollout, second, tokens));
                while (twin.size() > 1 && twin.stream().mapToInt(Twin::tokens).sum() > CAPACITY) {
                    twin.removeFirst();
                }
            } else {
                int lost = receiver - 3;
                assertThat(sent.lost(lost, now)).isEqualTo(expected(twin, lost, second));
                twin.removeIf(one -> one.receiver() == lost);
            }
        }
    }

    private record Twin(int receiver, Rollout rollout, int second, int tokens) {}

    private static List<Rollout> expected(List<Twin> all, int receiver, int now) {
        return all.stream()
                .filter(one -> one.receiver() == receiver && now - one.second() <= WINDOW.toSeconds())
                .map(Twin::rollout)
                .toList();
    }
}
