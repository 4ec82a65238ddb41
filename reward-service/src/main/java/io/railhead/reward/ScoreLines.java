package io.railhead.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.actors.protocol.Score.Component;
import io.railhead.transit.InvalidDataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Scores lines of JSON: one item in ([ScoreItems]), one verdict out, in order.
///
/// A verdict has `id`, `score`, `correct`, `format`, `detail` (before alpha), `weight` and `notes`.
public final class ScoreLines {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final GradingFunction function;
    private final ScoreItems items;

    /// @param stationsDirectory holds `<city>.json` or `<country>/<city>.json`
    public ScoreLines(GradingFunction function, Optional<Path> stationsDirectory) {
        this.function = function;
        this.items = new ScoreItems(stationsDirectory);
    }

    /// Blank lines are passed over.
    ///
    /// @throws ScoreLineException at the first line that cannot be used; what was before it has been put out
    public void scoreAll(BufferedReader lines, Consumer<String> verdicts) throws IOException {
        long lineNumber = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            lineNumber++;
            if (!line.isBlank()) {
                verdicts.accept(score(lineNumber, line));
            }
        }
    }

    /// @throws ScoreLineException if the line is not an item
    public String score(long lineNumber, String line) {
        try {
            ScoreItems.Item item = items.read(JSON.readTree(line));
            return verdict(item.id(), function.grade(item.key(), item.response()));
        } catch (JsonProcessingException e) {
            throw new ScoreLineException(lineNumber, "not JSON: " + e.getOriginalMessage(), e);
        } catch (InvalidDataException e) {
            throw new ScoreLineException(lineNumber, String.valueOf(e.getMessage()), e);
        }
    }

    private static String verdict(JsonNode id, Grade grade) {
        ObjectNode verdict = JSON.createObjectNode();
        verdict.set("id", id);
        verdict.put("score", grade.reward())
                .put("correct", grade.correct())
                .put("format", grade.format().value())
                .put("detail", grade.detail())
                .put("weight", grade.weight());
        ArrayNode notes = verdict.putArray("notes");
        Stream.concat(Stream.of(grade.format(), grade.correctness()), grade.details().stream())
                .map(ScoreLines::note)
                .forEach(notes::add);
        return verdict.toString();
    }

    private static String note(Component component) {
        return "%s %s: %s".formatted(component.name(), component.value(), component.reason());
    }
}
