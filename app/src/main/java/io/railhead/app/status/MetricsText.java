package io.railhead.app.status;

import java.util.Locale;
import java.util.Map;

/// Writes measurements in the text format of Prometheus, version 0.0.4.
final class MetricsText {
    enum Type {
        GAUGE,
        COUNTER
    }

    private final StringBuilder text = new StringBuilder();

    /// @param help one sentence; no line ends and no backslashes
    MetricsText family(String name, Type type, String help) {
        text.append("# HELP %s %s\n# TYPE %s %s\n"
                .formatted(name, help, name, type.name().toLowerCase(Locale.ROOT)));
        return this;
    }

    MetricsText value(String name, Number value) {
        text.append(name).append(' ').append(value).append('\n');
        return this;
    }

    MetricsText value(String name, String label, String labelled, Number value) {
        return value("%s{%s=\"%s\"}".formatted(name, label, escaped(labelled)), value);
    }

    MetricsText values(String name, String label, Map<String, ? extends Number> values) {
        values.forEach((labelled, value) -> value(name, label, labelled, value));
        return this;
    }

    String text() {
        return text.toString();
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
