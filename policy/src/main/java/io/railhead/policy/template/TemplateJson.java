package io.railhead.policy.template;

/// JSON as Python's `json.dumps` writes it: spaces behind commas and colons, letters as they are.
final class TemplateJson {
    private TemplateJson() {}

    static void write(Value value, Evaluation evaluation, StringBuilder json) {
        write(value, evaluation, json, 0);
    }

    private static void write(Value value, Evaluation evaluation, StringBuilder json, int depth) {
        evaluation.requireDepth(depth);
        evaluation.spend(1);
        switch (value) {
            case Value.Text text -> quoted(text.text(), json);
            case Value.Whole whole -> json.append(whole.number());
            case Value.Flag flag -> json.append(flag == Value.Flag.TRUE);
            case Value.Sequence sequence -> {
                String separator = "[";
                for (Value item : sequence.items()) {
                    json.append(separator);
                    write(item, evaluation, json, depth + 1);
                    separator = ", ";
                }
                json.append(sequence.items().isEmpty() ? "[]" : "]");
            }
            case Value.Mapping mapping -> {
                String separator = "{";
                for (var entry : mapping.entries().entrySet()) {
                    json.append(separator);
                    quoted(entry.getKey(), json);
                    json.append(": ");
                    write(entry.getValue(), evaluation, json, depth + 1);
                    separator = ", ";
                }
                json.append(mapping.entries().isEmpty() ? "{}" : "}");
            }
            case Value.Nothing nothing when nothing == Value.Nothing.NONE -> json.append("null");
            case Value.Namespace _, Value.Nothing _ -> throw evaluation.failure(value.kind() + " is not JSON");
        }
        evaluation.requireLength(json.length());
    }

    private static void quoted(String text, StringBuilder json) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                default -> {
                    if (c < ' ') {
                        json.append("\\u%04x".formatted((int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
