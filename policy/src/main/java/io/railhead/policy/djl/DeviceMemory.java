package io.railhead.policy.djl;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import java.util.Optional;

/// How much memory a GPU has.
public final class DeviceMemory {
    private static final String CUDA = "cuda:";

    private DeviceMemory() {}

    /// @param device as in `policy.device`: `cuda:` and a number
    /// @return in bytes; empty of any other device, and where the driver does not say
    public static Optional<Long> bytes(String device) {
        if (!device.startsWith(CUDA) || !CudaUtils.hasCuda()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(device.substring(CUDA.length()));
        return number < CudaUtils.getGpuCount()
                ? Optional.of(CudaUtils.getGpuMemory(Device.gpu(number)).getMax())
                : Optional.empty();
    }
}
