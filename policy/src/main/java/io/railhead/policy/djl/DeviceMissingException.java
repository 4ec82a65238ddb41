package io.railhead.policy.djl;

import java.io.IOException;

/// A device that was asked for and is not there: the message names it and what is.
public final class DeviceMissingException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param present how many CUDA devices the native library sees
    DeviceMissingException(String device, int present) {
        super("device %s is not there: PyTorch sees cpu%s".formatted(device, cuda(present)));
    }

    private static String cuda(int present) {
        return switch (present) {
            case 0 -> " alone";
            case 1 -> " and cuda:0";
            default -> " and cuda:0 to cuda:" + (present - 1);
        };
    }
}
