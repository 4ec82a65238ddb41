package io.railhead.actors.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.WireMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The bytes of version 1 of the wire format, as files that are never written again.
///
/// A change of the format gets new manifests and new files beside these. The files were made with
/// `mvn -pl actors -am test -Dtest=GoldenWireTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Drailhead.golden.write=true`, which writes only files that are not there.
class GoldenWireTest {
    private static final Path DIRECTORY = Path.of("src/test/resources/golden/wire-v1");
    private static final ProtoSerializer SERIALIZER = new ProtoSerializer();

    @Test
    void bytesOfVersionOneAreReadAndWrittenAsEver() throws IOException {
        List<WireMessage> messages = WireSamples.wireMessages();
        for (WireMessage message : messages) {
            Path file = DIRECTORY.resolve(
                    SERIALIZER.manifest(message) + "-" + message.getClass().getSimpleName() + ".hex");
            byte[] bytes = SERIALIZER.toBinary(message);
            if (Boolean.getBoolean("railhead.golden.write") && Files.notExists(file)) {
                Files.createDirectories(DIRECTORY);
                Files.writeString(file, HexFormat.of().formatHex(bytes) + "\n");
            }
            byte[] golden = HexFormat.of().parseHex(Files.readString(file).strip());
            assertThat(SERIALIZER.fromBinary(golden, SERIALIZER.manifest(message)))
                    .isEqualTo(message);
            assertThat(bytes).as(file.toString()).isEqualTo(golden);
        }
    }
}
