package io.railhead.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.GenerationEngine;
import io.railhead.policy.OutOfDeviceMemoryException;
import org.junit.jupiter.api.Test;

class ShrinkingEnginesTest {
    @Test
    void theEngineAfterOneThatRanOutOfMemoryHasHalfOfItsSlots() {
        ShrinkingEngines engines = new ShrinkingEngines(
                halvings -> new ScriptedEngine.Script(16 >> halvings)
                        .failingAt(1, new OutOfDeviceMemoryException("4 GiB of 2"))
                        .make(),
                2);
        for (int slots : new int[] {16, 8, 4, 4}) { // and no fewer
            try (GenerationEngine engine = engines.get()) {
                assertThat(engine.slots()).isEqualTo(slots);
                assertThatThrownBy(engine::step).isInstanceOf(OutOfDeviceMemoryException.class);
            }
        }
        assertThat(engines.halvings()).isEqualTo(2);
    }

    @Test
    void anEngineThatCannotBeMadeForWantOfMemoryIsTriedSmaller() {
        ShrinkingEngines engines = new ShrinkingEngines(
                halvings -> {
                    if (halvings == 0) {
                        throw new OutOfDeviceMemoryException("too large");
                    }
                    return new ScriptedEngine.Script(8).make();
                },
                2);
        assertThatThrownBy(engines::get).isInstanceOf(OutOfDeviceMemoryException.class);
        try (GenerationEngine engine = engines.get()) {
            assertThat(engine.slots()).isEqualTo(8);
        }
    }

    @Test
    void aGroupAlwaysFits() {
        assertThat(ShrinkingEngines.mostHalvings(16, 4)).isEqualTo(2);
        assertThat(ShrinkingEngines.mostHalvings(15, 4)).isEqualTo(1);
        assertThat(ShrinkingEngines.mostHalvings(4, 8)).isZero();
    }
}
