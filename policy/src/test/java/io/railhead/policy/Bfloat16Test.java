package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.NamedTensor.ElementType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Bfloat16Test {
    @Test
    void tensorsKeepNameAndShapeInHalfTheBytes() {
        float halfWay = Float.intBitsToFloat(0x3f808000); // to even
        NamedTensor small = Bfloat16.of(NamedTensor.ofFloats("w", List.of(3L), 1, -2.5f, halfWay));
        assertThat(small.type()).isEqualTo(ElementType.BF16);
        assertThat(small.shape()).containsExactly(3L);
        short[] bits = new short[3];
        MemorySegment.copy(small.data(), NamedTensor.SHORT, 0, bits, 0, 3);
        assertThat(bits).containsExactly((short) 0x3f80, (short) 0xc020, (short) 0x3f80);
        assertThatThrownBy(() -> Bfloat16.of(small)).isInstanceOf(IllegalArgumentException.class);
    }

    /// The slow twin: of the neighbours above and below, the nearer one. Any bits below 2, so that nothing overflows.
    @Property
    void roundsToTheNearest(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits & 0xbfffffff);
        float rounded = Float.intBitsToFloat(Bfloat16.bits(value) << 16);
        int upper = Float.floatToRawIntBits(value) & 0xffff0000;
        double towardsZero = Math.abs((double) value - Float.intBitsToFloat(upper));
        double awayFromZero = Math.abs((double) value - Float.intBitsToFloat(upper + 0x10000));
        assertThat(Math.abs((double) value - rounded)).isEqualTo(Math.min(towardsZero, awayFromZero));
    }
}
