package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.railhead.policy.ComputeType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeSelfTestTest {
    @ParameterizedTest
    @EnumSource
    void passesHere(ComputeType type) {
        assertThatCode(() -> NativeSelfTest.run(TestDevice.compute(type))).doesNotThrowAnyException();
    }
}
