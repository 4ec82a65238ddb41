package io.railhead.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.app.run.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// JSON lines on standard input.
final class JsonLines {
    private JsonLines() {}

    /// An object, and the line that it stands on, as messages name it.
    record Line(String where, JsonNode object) {}

    /// All objects, in order; blank lines are skipped.
    ///
    /// @throws UsageException naming the line that is not a JSON object
    static List<Line> read(InputStream in) {
        List<Line> objects = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    objects.add(new Line("line " + number, Json.object(line, "line " + number + " of the input")));
                }
            }
        } catch (IOException e) {
            throw new UsageException("standard input cannot be read: " + e.getMessage(), e);
        }
        return objects;
    }
}
