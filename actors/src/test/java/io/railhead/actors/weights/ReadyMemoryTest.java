package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.weights.delta.ContentMemory.Taken;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.NamedTensor.ElementType;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.WeightsSnapshot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadyMemoryTest {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final ReadyMemory memory = new ReadyMemory();

    @Test
    void nobodyGetsMemoryThatAnotherHas() {
        MemorySegment first = take(8);
        first.set(LONG, 0, 1);
        memory.prepare(Optional.empty());
        MemorySegment second = take(8);
        MemorySegment third = take(8);
        second.set(LONG, 0, 2);
        third.set(LONG, 0, 3);
        assertThat(first.get(LONG, 0)).isEqualTo(1);
        assertThat(second.get(LONG, 0)).isEqualTo(2);
    }

    @Test
    void sizesAreThoseAskedForWhateverWasTakenBefore() {
        take(100);
        take(0);
        memory.prepare(Optional.empty());
        assertThat(take(50).byteSize()).isEqualTo(50);
        assertThat(take(100).byteSize()).isEqualTo(100);
        assertThat(take(0).byteSize()).isZero();
        memory.prepare(Optional.empty());
        memory.prepare(Optional.empty());
        assertThat(take(50).byteSize()).isEqualTo(50);
    }

    @Test
    void holdsTheContentsOfTheBaseThatItWasMadeReadyForAndOfNoOther() {
        MemorySegment one = number(1);
        MemorySegment two = number(2);
        MemorySegment other = number(1);
        take(8);
        take(8);
        memory.prepare(Optional.of(snapshot(one, two)));
        assertThat(memory.take(8, Optional.of(other)).holdsBase()).isFalse();
        take(8);
        take(8);
        memory.prepare(Optional.of(snapshot(one, two)));
        Taken ofTwo = memory.take(8, Optional.of(two));
        Taken ofOne = memory.take(8, Optional.of(one));
        assertThat(ofTwo.holdsBase() && ofOne.holdsBase()).isTrue();
        assertThat(ofTwo.memory().get(LONG, 0)).isEqualTo(2);
        assertThat(ofOne.memory().get(LONG, 0)).isEqualTo(1);
        assertThat(ofOne.memory().address()).isNotEqualTo(one.address());
        assertThat(memory.take(8, Optional.of(one)).holdsBase()).isFalse();
    }

    private MemorySegment take(long bytes) {
        return memory.take(bytes, Optional.empty()).memory();
    }

    private static MemorySegment number(long value) {
        MemorySegment memory = NamedTensor.memory(8);
        memory.set(LONG, 0, value);
        return memory;
    }

    private static WeightsSnapshot snapshot(MemorySegment one, MemorySegment two) {
        return new WeightsSnapshot(
                PolicyVersion.BASE,
                List.of(
                        new NamedTensor("one", ElementType.BF16, List.of(4L), one),
                        new NamedTensor("two", ElementType.BF16, List.of(4L), two)));
    }
}
