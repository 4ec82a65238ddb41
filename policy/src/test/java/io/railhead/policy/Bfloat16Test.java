package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.NamedTensor.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class Bfloat16Test {
    @Test
    void tensorsKeepNameAndShapeInHalfTheBytes() {
        ByteBuffer floats = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        floats.putFloat(1)
                .putFloat(-2.5f)
                .putFloat(Float.intBitsToFloat(0x3f808000))
                .flip(); // the last lies half-way: to even
        NamedTensor small = Bfloat16.of(new NamedTensor("w", ElementType.F32, List.of(3L), floats));
        assertThat(small.type()).isEqualTo(ElementType.BF16);
        assertThat(small.shape()).containsExactly(3L);
        short[] bits = new short[3];
        small.data().asShortBuffer().get(bits);
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
