package io.railhead.policy.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The compiled text of `operators.py`, once a process: it has no state and may be called from several threads.
///
/// Loading compiles every method, so a kernel that this PyTorch does not have fails here and names itself.
final class TorchOperators {
    private static final String RESOURCE = "operators.py";

    private TorchOperators() {}

    static PtSymbolBlock module() {
        return Loaded.MODULE;
    }

    private static PtSymbolBlock load() {
        try (InputStream text = TorchOperators.class.getResourceAsStream(RESOURCE)) {
            if (text == null) {
                throw new IllegalStateException(RESOURCE + " is missing beside " + TorchOperators.class);
            }
            byte[] archive = TorchScriptArchive.of(new String(text.readAllBytes(), StandardCharsets.UTF_8));
            boolean mapToDevice = true;
            boolean trainingMode = false;
            return JniUtils.loadModule(
                    (PtNDManager) NDManager.newBaseManager((Device) null, "PyTorch"),
                    new ByteArrayInputStream(archive),
                    mapToDevice,
                    trainingMode);
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + RESOURCE, e);
        }
    }

    private static final class Loaded {
        private static final PtSymbolBlock MODULE = load();
    }
}
