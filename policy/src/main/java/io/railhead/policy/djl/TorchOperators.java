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
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The compiled kernels of the folder `operators`, once a process: they have no state and may be called from
/// several threads.
///
/// Loading compiles every method, so a kernel that this PyTorch does not have fails here and names itself.
final class TorchOperators {
    private static final List<String> FILES = List.of(
            "pieces.py",
            "adapters.py",
            "vision.py",
            "convolution.py",
            "decoder.py",
            "decoder_backward.py",
            "short_attention.py",
            "generation.py",
            "sampling.py",
            "scores.py",
            "weights.py",
            "optimizer.py");

    private TorchOperators() {}

    static PtSymbolBlock module() {
        return Loaded.MODULE;
    }

    private static PtSymbolBlock loadUnchecked() {
        try {
            return load();
        } catch (IOException e) {
            throw new UncheckedIOException("reading the operators", e);
        }
    }

    private static PtSymbolBlock load() throws IOException {
        var methods = new StringBuilder();
        for (String file : FILES) {
            methods.append(text(file)).append('\n');
        }
        boolean mapToDevice = true;
        boolean trainingMode = false;
        return JniUtils.loadModule(
                (PtNDManager) NDManager.newBaseManager(Device.cpu(), "PyTorch"),
                new ByteArrayInputStream(TorchScriptArchive.of(methods.toString())),
                mapToDevice,
                trainingMode);
    }

    private static String text(String file) throws IOException {
        String resource = "operators/" + file;
        try (@Nullable InputStream text = TorchOperators.class.getResourceAsStream(resource)) {
            if (text == null) {
                throw new IllegalStateException(resource + " is missing beside " + TorchOperators.class);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static final class Loaded {
        private static final PtSymbolBlock MODULE = loadUnchecked();
    }
}
