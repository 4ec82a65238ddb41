package io.railhead.policy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Takes the colour profile out of a JPEG file, since the JDK's reader would convert the samples by it.
final class JpegSegments {
    private static final int START_OF_SCAN = 0xda;
    private static final int APPLICATION_2 = 0xe2;
    private static final int HEAD = 4; // mark and length
    private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(StandardCharsets.ISO_8859_1);

    private JpegSegments() {}

    /// The file without its profile segments; what does not look like a segment is kept as it is.
    static byte[] withoutColourProfile(byte[] jpeg) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(jpeg.length);
        int at = Math.min(2, jpeg.length);
        kept.write(jpeg, 0, at);
        while (at + HEAD <= jpeg.length && (jpeg[at] & 255) == 0xff && (jpeg[at + 1] & 255) != START_OF_SCAN) {
            int end = at + 2 + (((jpeg[at + 2] & 255) << 8) | (jpeg[at + 3] & 255));
            if (end < at + HEAD || end > jpeg.length) {
                break;
            }
            if (!isProfile(jpeg, at, end)) {
                kept.write(jpeg, at, end - at);
            }
            at = end;
        }
        kept.write(jpeg, at, jpeg.length - at);
        return kept.toByteArray();
    }

    private static boolean isProfile(byte[] jpeg, int at, int end) {
        int name = at + HEAD;
        return (jpeg[at + 1] & 255) == APPLICATION_2
                && end - name >= PROFILE.length
                && Arrays.equals(jpeg, name, name + PROFILE.length, PROFILE, 0, PROFILE.length);
    }
}
