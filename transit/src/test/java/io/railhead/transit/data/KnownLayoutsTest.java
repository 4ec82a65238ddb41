package io.railhead.transit.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.transit.InvalidDataException;
import io.railhead.transit.LineLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownLayoutsTest {
    @TempDir
    private Path folder;

    private void layout(String content) throws IOException {
        Path file = Files.createDirectories(folder.resolve("layouts/china")).resolve("shanghai.json");
        Files.writeString(file, content);
    }

    @Test
    void theFoldersOwnLayoutsComeBeforeThePublishedOnes() throws IOException {
        var published = new LineLayout(false, List.of(new LineLayout.Branch("东川路站", "江川路站")), null);
        assertThat(KnownLayouts.of(folder, "china", "shanghai")).containsEntry("Line 5", published);
        layout("""
                {"Line 5": {"branches": [{"from": "a", "first": "b"}]}, "Line 9": {"loop": true}, "Line 10": {}}""");
        assertThat(KnownLayouts.of(folder, "china", "shanghai"))
                .containsEntry("Line 5", new LineLayout(false, List.of(new LineLayout.Branch("a", "b")), null))
                .containsEntry("Line 9", new LineLayout(true, List.of(), null))
                .containsEntry("Line 10", LineLayout.PLAIN)
                .containsKey("Line 11");
    }

    @Test
    void writesWhatItReads() throws IOException {
        var layouts = new LinkedHashMap<String, LineLayout>();
        layouts.put("Line 5", new LineLayout(false, List.of(new LineLayout.Branch("a", "b")), null));
        layouts.put("Line 9", new LineLayout(true, List.of(), null));
        layouts.put("Line 10", LineLayout.PLAIN);
        layouts.put("Line 11", new LineLayout(false, List.of(), List.of(new LineLayout.Join("c", "d")), null, false));
        layout(KnownLayouts.toJson(layouts).toString());
        assertThat(KnownLayouts.of(folder, "china", "shanghai")).containsAllEntriesOf(layouts);
        layout("{\"Line 5\": {\"joins\": [[\"a\"]]}}");
        assertThatThrownBy(() -> KnownLayouts.of(folder, "china", "shanghai"))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining("line 'Line 5' has the join [\"a\"], not two stations");
    }

    @Test
    void namesALayoutFileThatIsNoLayout() throws IOException {
        layout("{\"Line 5\": {\"branches\": [{\"from\": \"a\"}]}}");
        assertThatThrownBy(() -> KnownLayouts.of(folder, "china", "shanghai"))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining("shanghai.json: line 'Line 5' has the branch {\"from\":\"a\"}");
        layout("[");
        assertThatThrownBy(() -> KnownLayouts.of(folder, "china", "shanghai"))
                .isInstanceOf(InvalidDataException.class)
                .hasMessageContaining("shanghai.json cannot be read");
    }
}
