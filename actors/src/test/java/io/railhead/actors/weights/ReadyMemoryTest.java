package io.railhead.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ReadyMemoryTest {
    private final ReadyMemory memory = new ReadyMemory();

    @Test
    void nobodyGetsMemoryThatAnotherHas() {
        MemorySegment first = memory.apply(8);
        first.set(ValueLayout.JAVA_LONG, 0, 1);
        memory.prepare();
        MemorySegment second = memory.apply(8);
        MemorySegment third = memory.apply(8);
        second.set(ValueLayout.JAVA_LONG, 0, 2);
        third.set(ValueLayout.JAVA_LONG, 0, 3);
        assertThat(first.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(1);
        assertThat(second.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(2);
    }

    @Test
    void sizesAreThoseAskedForWhateverWasTakenBefore() {
        memory.apply(100);
        memory.apply(0);
        memory.prepare();
        assertThat(memory.apply(50).byteSize()).isEqualTo(50);
        assertThat(memory.apply(100).byteSize()).isEqualTo(100);
        assertThat(memory.apply(0).byteSize()).isZero();
        memory.prepare();
        memory.prepare();
        assertThat(memory.apply(50).byteSize()).isEqualTo(50);
    }
}
