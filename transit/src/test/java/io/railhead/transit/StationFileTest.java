package io.railhead.transit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StationFileTest {
    @TempDir
    private Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("town.json"), content);
    }

    @Test
    void readsLinesInOrderWithoutMarks() throws IOException {
        Path file = file("""
                {"Red Line": ["Zoo Station", "Harbour Station (Transfer Station)"],
                 "1": ["Harbour Station(Transfer Station)", "中心站（换乘站）", "Fork Station (Branch-starting Station)"]}
                """);
        var lines = new LinkedHashMap<String, List<String>>();
        lines.put("Red Line", List.of("Zoo Station", "Harbour Station"));
        lines.put("1", List.of("Harbour Station", "中心站", "Fork Station"));
        var entries = new LinkedHashMap<String, List<String>>();
        entries.put("Red Line", List.of("Zoo Station", "Harbour Station (Transfer Station)"));
        entries.put(
                "1",
                List.of("Harbour Station(Transfer Station)", "中心站（换乘站）", "Fork Station (Branch-starting Station)"));
        StationFile read = StationFile.read(file, "town");
        assertThat(read).isEqualTo(new StationFile(new TransitNetwork("town", lines), 3, entries));
        assertThat(read.network().lines().sequencedKeySet()).containsExactly("Red Line", "1");
    }

    @Test
    void saysWhatIsWrongWithAFileAndWhichOne() throws IOException {
        var complaints = new LinkedHashMap<String, String>(Map.of(
                "", "is not an object",
                "[]", "is not an object",
                "{}", "is not an object",
                "{\"A\": [\"x\"", "is not JSON",
                "{\"A\": [\"x\"], \"A\": [\"y\"]}", "is not JSON: Duplicate field 'A'",
                "{\"A\": [\"x\"]} {}", "goes on after the end",
                "{\"A\": \"x\"}", "line 'A' is not a list of station names",
                "{\"A\": []}", "line 'A' is not a list of station names",
                "{\"A\": [\"x\", 3]}", "line 'A' has the entry 3, not a name",
                "{\"A\": [\" \"]}", "line 'A' has the entry \" \", not a name"));
        for (var complaint : complaints.entrySet()) {
            Path file = file(complaint.getKey());
            assertThatThrownBy(() -> StationFile.read(file, "town"))
                    .as(complaint.getKey())
                    .isInstanceOf(InvalidDataException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining(complaint.getValue());
        }
    }

    @Test
    void saysThatAFileIsMissing() {
        Path missing = folder.resolve("nowhere.json");
        assertThatThrownBy(() -> StationFile.read(missing, "nowhere"))
                .isInstanceOf(InvalidDataException.class)
                .hasMessage("station file " + missing + " does not exist");
    }
}
