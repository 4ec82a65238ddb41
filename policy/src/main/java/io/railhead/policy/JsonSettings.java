package io.railhead.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One object of a model's JSON file, read key by key. Every refusal names the file, the key and its value. A key whose
/// value is null counts as absent, as in the Python library that writes these files.
record JsonSettings(Path file, String path, JsonNode node) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static JsonSettings read(Path file) throws InvalidModelException {
        if (!Files.isRegularFile(file)) {
            throw new InvalidModelException(file, "the file is missing");
        }
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file));
            if (root == null || !root.isObject()) {
                throw new InvalidModelException(file, "is not a JSON object");
            }
            return new JsonSettings(file, "", root);
        } catch (InvalidModelException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidModelException(file, "cannot be read as JSON: " + e.getMessage(), e);
        }
    }

    boolean has(String key) {
        return node.hasNonNull(key);
    }

    Optional<JsonSettings> child(String key) throws InvalidModelException {
        if (!has(key)) {
            return Optional.empty();
        }
        if (!node.get(key).isObject()) {
            throw refusal(key, "is not an object");
        }
        return Optional.of(new JsonSettings(file, path + key + ".", node.get(key)));
    }

    /// The objects of a list.
    List<JsonSettings> children(String key) throws InvalidModelException {
        List<JsonSettings> children = new ArrayList<>();
        for (JsonNode value : elements(key)) {
            if (!value.isObject()) {
                throw refusal(key, "is not a list of objects");
            }
            children.add(new JsonSettings(file, "%s%s[%d].".formatted(path, key, children.size()), value));
        }
        return List.copyOf(children);
    }

    int integer(String key) throws InvalidModelException {
        JsonNode value = required(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw refusal(key, "is not an integer");
        }
        return value.intValue();
    }

    int integer(String key, int absent) throws InvalidModelException {
        return has(key) ? integer(key) : absent;
    }

    double decimal(String key, double absent) throws InvalidModelException {
        if (!has(key)) {
            return absent;
        }
        if (!node.get(key).isNumber()) {
            throw refusal(key, "is not a number");
        }
        return node.get(key).doubleValue();
    }

    boolean flag(String key, boolean absent) throws InvalidModelException {
        if (!has(key)) {
            return absent;
        }
        if (!node.get(key).isBoolean()) {
            throw refusal(key, "is neither true nor false");
        }
        return node.get(key).booleanValue();
    }

    String text(String key, String absent) throws InvalidModelException {
        if (!has(key)) {
            return absent;
        }
        if (!node.get(key).isTextual()) {
            throw refusal(key, "is not a string");
        }
        return node.get(key).textValue();
    }

    List<Integer> integers(String key) throws InvalidModelException {
        List<Integer> values = new ArrayList<>();
        for (JsonNode value : elements(key)) {
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                throw refusal(key, "is not a list of integers");
            }
            values.add(value.intValue());
        }
        return List.copyOf(values);
    }

    List<String> texts(String key) throws InvalidModelException {
        List<String> values = new ArrayList<>();
        for (JsonNode value : elements(key)) {
            if (!value.isTextual()) {
                throw refusal(key, "is not a list of strings");
            }
            values.add(value.textValue());
        }
        return List.copyOf(values);
    }

    List<Double> decimals(String key) throws InvalidModelException {
        List<Double> values = new ArrayList<>();
        for (JsonNode value : elements(key)) {
            if (!value.isNumber()) {
                throw refusal(key, "is not a list of numbers");
            }
            values.add(value.doubleValue());
        }
        return List.copyOf(values);
    }

    /// Refuses any value of a key but the supported one; an absent key passes.
    void supportsOnly(String key, String supported) throws InvalidModelException {
        if (!text(key, supported).equals(supported)) {
            throw refusal(key, "is not supported, only \"" + supported + "\" is");
        }
    }

    InvalidModelException refusal(String key, String defect) {
        return new InvalidModelException(file, path + key + " = " + node.get(key) + " " + defect);
    }

    private JsonNode required(String key) throws InvalidModelException {
        if (!has(key)) {
            throw new InvalidModelException(file, path + key + " is missing");
        }
        return node.get(key);
    }

    private JsonNode elements(String key) throws InvalidModelException {
        JsonNode list = required(key);
        if (!list.isArray()) {
            throw refusal(key, "is not a list");
        }
        return list;
    }
}
