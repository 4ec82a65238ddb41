package io.railhead.policy.djl;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The threads that the native library computes one operation with. Where an operation is cut among them, the order
/// of its sums, and so its last bits, depend on their number.
public final class NativeThreads {
    private static final Path PROCESSOR = Path.of("/proc/cpuinfo"); // of Linux alone

    private NativeThreads() {}

    /// As the process was started: `OMP_NUM_THREADS`, or the processors that it may use.
    public static int count() {
        engine();
        return JniUtils.getNumThreads();
    }

    /// For what the calling thread computes from now on.
    public static void use(int threads) {
        engine();
        JniUtils.setNumThreads(threads);
    }

    /// Native library and processor, for people: other ones may round otherwise.
    public static String platform() {
        return "PyTorch %s, %s".formatted(engine().getVersion(), processor());
    }

    private static Engine engine() {
        return Engine.getEngine("PyTorch"); // loads it
    }

    private static String processor() {
        String architecture = System.getProperty("os.arch");
        if (!Files.isReadable(PROCESSOR)) {
            return architecture;
        }
        try (Stream<String> lines = Files.lines(PROCESSOR)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse(architecture);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
