package io.railhead.app.reference;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The settings as a page of documentation in Markdown: a table an area.
public final class ReferencePage {
    private static final String HEAD = """
            # Settings

            Every setting, its default and its meaning. Written by `railhead config reference` from the modules' reference files: change
            those, not this page.

            A key may be given with or without `railhead.` in front: in a file in HOCON (`--config FILE`), or one by one
            (`--set stage.steps=50`). Later layers win: these defaults, the profile (`--profile embedded`), the file, `--set`, the
            command's own options. An unknown key is refused with the nearest known one. `railhead config explain KEY` prints
            one of them with the value that it has now, and where that comes from.
            """;

    private ReferencePage() {}

    public static String of(List<Setting> settings) {
        Map<String, List<Setting>> areas = settings.stream()
                .collect(Collectors.groupingBy(ReferencePage::areaOf, TreeMap::new, Collectors.toList()));
        return HEAD
                + areas.entrySet().stream()
                        .map(area -> "\n## " + area.getKey() + "\n\n| key | default | meaning |\n|---|---|---|\n"
                                + area.getValue().stream()
                                        .map(ReferencePage::row)
                                        .collect(Collectors.joining()))
                        .collect(Collectors.joining());
    }

    private static String areaOf(Setting setting) {
        return setting.key().split("\\.", 3)[1];
    }

    private static String row(Setting setting) {
        return "| `%s` | `%s` | %s |\n"
                .formatted(
                        setting.key().substring("railhead.".length()),
                        escaped(setting.preset()),
                        escaped(setting.meaning()));
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|");
    }
}
