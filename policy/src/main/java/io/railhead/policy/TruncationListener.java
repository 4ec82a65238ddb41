package io.railhead.policy;

import java.util.Locale;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/// Keeps the warning of a reader that its file ended early: the JDK's JPEG reader fills the rest with grey and goes on.
final class TruncationListener implements IIOReadWarningListener {
    private String warning = "";

    String warning() {
        return warning;
    }

    @Override
    public void warningOccurred(ImageReader source, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("premature") || lower.contains("truncated")) {
            warning = text;
        }
    }
}
