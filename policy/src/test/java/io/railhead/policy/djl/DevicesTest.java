package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.policy.ComputeType;
import io.railhead.policy.PolicyVersion;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevicesTest {
    private static final ComputeOptions MISSING = new ComputeOptions(ComputeType.FLOAT32, "cuda:999");

    @TempDir
    Path folder;

    @Test
    void aDeviceThatThisMachineDoesNotHaveIsNamedWithThoseThatItHas() {
        TinyModel.create(folder);
        assertThatThrownBy(() -> DjlTrainablePolicy.open(folder, TrainingOptions.DEFAULT.with(MISSING)))
                .isInstanceOf(DeviceMissingException.class)
                .hasMessageStartingWith("device cuda:999 is not there: PyTorch sees cpu");
        EngineOptions engine = EngineOptions.of(EngineLimits.of(1, 16)).with(MISSING);
        assertThatThrownBy(() -> DjlGenerationEngine.open(folder, PolicyVersion.BASE, engine))
                .isInstanceOf(DeviceMissingException.class)
                .hasMessageContaining("cuda:999");
    }

    @Test
    void aDeviceOfAnotherKindIsRefused() {
        assertThatThrownBy(() -> new ComputeOptions(ComputeType.FLOAT32, "tpu:0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tpu:0");
    }
}
