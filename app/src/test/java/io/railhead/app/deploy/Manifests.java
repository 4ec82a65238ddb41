package io.railhead.app.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The files of `deploy/kubernetes` as they lie there, before any overlay.
final class Manifests {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private Manifests() {}

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return (here.endsWith("app") ? here.resolveSibling("") : here).resolve("deploy/kubernetes");
    }

    /// All objects of the base and the components of these kinds.
    static List<JsonNode> ofKind(String... kinds) {
        return files(".yaml")
                .filter(file -> !file.endsWith("kustomization.yaml") && !file.endsWith("gpu.yaml"))
                .flatMap(file -> objects(file).stream())
                .filter(object -> List.of(kinds).contains(object.path("kind").asText()))
                .toList();
    }

    static Stream<Path> files(String suffix) {
        try (Stream<Path> files = Files.walk(root())) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> objects(Path file) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            List<JsonNode> objects = new ArrayList<>();
            documents.forEachRemaining(objects::add);
            return objects;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String nameOf(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    static List<String> texts(JsonNode list) {
        return each(list).map(JsonNode::asText).toList();
    }

    static Map<String, String> labels(JsonNode labels) {
        Map<String, String> map = new TreeMap<>();
        labels.properties()
                .forEach(label -> map.put(label.getKey(), label.getValue().asText()));
        return map;
    }
}
