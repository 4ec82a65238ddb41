package io.railhead.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.railhead.actors.security.Pem;
import io.railhead.actors.security.TrialAuthority;
import io.railhead.app.run.RandomModel;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Damaged inputs for all that reads bytes: each is read or refused with the declared exception, and in memory that
/// its size bounds. More than a million in all.
///
/// A failure prints the format and the number of the input, which decides it: `-Drailhead.fuzz.format=NAME
/// -Drailhead.fuzz.first=N` begins with that one. `-Drailhead.fuzz.times=K` makes K times as many.
class FuzzTest {
    private static final long SEED = 20_261_122;
    private static final long FIRST = Long.getLong("railhead.fuzz.first", 0);
    private static final long TIMES = Long.getLong("railhead.fuzz.times", 1);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private static Path temp;

    private static ActorSystem system = ActorSystem.create("fuzz");
    private static PortFormats ports;
    private static HttpFormats http;
    private static final List<Format> FORMATS = new ArrayList<>();

    @BeforeAll
    static void collect() throws Exception {
        ports = new PortFormats();
        http = new HttpFormats();
        Path here = Path.of("").toAbsolutePath();
        Path root = here.endsWith("app") ? here.resolveSibling("") : here;
        Path model = RandomModel.in(temp.resolve("model"), 5);
        FileFormats files = new FileFormats(temp);
        FORMATS.addAll(WireFormats.messages(root.resolve("actors/src/test/resources/golden/wire-v1")));
        FORMATS.add(WireFormats.control((ExtendedActorSystem) system));
        FORMATS.add(WireFormats.stageSnapshot());
        FORMATS.addAll(ports.all());
        FORMATS.addAll(http.all());
        FORMATS.addAll(files.ofRuns());
        FORMATS.add(files.ofCommits(temp.resolve("run")));
        FORMATS.addAll(files.ofModels(model));
        FORMATS.addAll(files.ofData(
                root.resolve("transit/src/test/resources/io/railhead/transit/data/table"),
                List.of(picture("png"), picture("jpg")),
                model));
        TrialAuthority authority = TrialAuthority.in(temp.resolve("authority"), "fuzz", Duration.ofDays(1));
        FORMATS.addAll(files.ofSettings(
                Files.readString(authority.certificate()),
                Pem.text(KeyPairGenerator.getInstance("Ed25519")
                        .generateKeyPair()
                        .getPrivate())));
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        ports.close();
        http.stop();
        TestKit.shutdownActorSystem(system);
    }

    private static byte[] picture(String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(8, 6, BufferedImage.TYPE_INT_RGB), format, bytes);
        return bytes.toByteArray();
    }

    @Test
    void thereAreMoreThanAMillionInputs() {
        assertThat(FORMATS.stream().mapToLong(Format::inputs).sum()).isGreaterThan(1_000_000);
    }

    @TestFactory
    List<DynamicTest> whatIsDamagedIsReadOrRefusedAsDeclaredInBoundedMemory() {
        String only = System.getProperty("railhead.fuzz.format", "");
        return FORMATS.stream()
                .filter(format -> only.isEmpty() || format.name().equals(only))
                .map(format -> DynamicTest.dynamicTest(format.name(), () -> fuzz(format)))
                .toList();
    }

    private static void fuzz(Format format) throws Exception {
        for (byte[] good : format.good()) {
            format.reader().read(good);
        }
        for (long number = FIRST; number < FIRST + TIMES * format.inputs(); number++) {
            read(format, Mutations.of(format.good(), SEED + number), number);
        }
    }

    private static void read(Format format, byte[] input, long number) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            format.reader().read(input);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            if (format.refusals().stream().noneMatch(refusal -> refusal.isInstance(e))) {
                throw new AssertionError(shown(format, input, number), e);
            }
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (allocated > format.mayAllocate(input)) {
            throw new AssertionError(shown(format, input, number) + " allocated " + allocated + " bytes");
        }
    }

    private static String shown(Format format, byte[] input, long number) {
        String hex = HexFormat.of().formatHex(input, 0, Math.min(200, input.length));
        return "%s input %d of seed %d, %d bytes: %s".formatted(format, number, SEED, input.length, hex);
    }
}
