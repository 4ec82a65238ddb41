package io.railhead.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncodedImageTest {
    private static final EncodedImage HERE = EncodedImage.of(new byte[] {1, 2, 3});
    private static final EncodedImage ELSEWHERE = EncodedImage.elsewhere(HERE.sha256(), 3);

    @Test
    void aPictureElsewhereHasItsNameAndSizeAndNoBytes() {
        assertThat(ELSEWHERE).isEqualTo(HERE).hasSameHashCodeAs(HERE).hasToString(HERE.toString());
        assertThat(ELSEWHERE.isHere()).isFalse();
        assertThatThrownBy(ELSEWHERE::toByteArray)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("picture " + HERE.sha256() + " is not here");
        assertThatThrownBy(ELSEWHERE::open).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aNameThatIsNoHashIsRefused() {
        assertThatThrownBy(() -> EncodedImage.elsewhere("abc", 3)).hasMessage("not 64 hexadecimal digits: abc");
        assertThatThrownBy(() -> EncodedImage.elsewhere(HERE.sha256(), 0)).hasMessage("an image has bytes: 0");
    }

    @Test
    void aPromptIsWholeWhenAllItsPicturesAreHere() {
        Prompt prompt = new Prompt("p", "?", List.of(HERE, ELSEWHERE));
        assertThat(prompt.isWhole()).isFalse();
        assertThat(prompt.with(Map.of()).isWhole()).isFalse();
        assertThat(prompt.with(Map.of(HERE.sha256(), HERE)).isWhole()).isTrue();
    }
}
