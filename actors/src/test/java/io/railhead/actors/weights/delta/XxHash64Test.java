package io.railhead.actors.weights.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class XxHash64Test {
    /// Made with the reference implementation, `xxh64sum`; lengths on both sides of each branch.
    @Test
    void agreesWithTheReferenceImplementation() {
        assertThat(hashOf("")).isEqualTo("ef46db3751d8e999");
        assertThat(hashOf("a")).isEqualTo("d24ec4f1a98c6e5b");
        assertThat(hashOf("abc")).isEqualTo("44bc2cf5ad770999");
        assertThat(hashOf("0123456789")).isEqualTo("3f5fc178a81867e7");
        assertThat(hashOf("0123456789".repeat(4))).isEqualTo("ca6fc80cbde1a931");
        assertThat(hashOf("0123456789".repeat(10))).isEqualTo("f80e7b96315afffa");
    }

    @Test
    void readsOnlyTheBytesItIsTold() {
        byte[] text = "0123456789".repeat(10).getBytes(StandardCharsets.US_ASCII);
        byte[] longer = Arrays.copyOf(text, 200);
        Arrays.fill(longer, text.length, longer.length, (byte) 7);
        assertThat(XxHash64.of(longer, text.length)).isEqualTo(XxHash64.of(text, text.length));
    }

    private static String hashOf(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return HexFormat.of().toHexDigits(XxHash64.of(bytes, bytes.length));
    }
}
