package io.railhead.policy.djl;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class NativeSelfTestTest {
    @Test
    void passesHere() {
        assertThatCode(NativeSelfTest::run).doesNotThrowAnyException();
    }
}
