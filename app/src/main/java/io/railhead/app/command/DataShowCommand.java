package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.app.questions.OwnItem;
import io.railhead.app.report.QuestionTable;
import io.railhead.app.run.DataSettings;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.Item;
import io.railhead.app.run.TaskSource;
import io.railhead.transit.data.ImageSource;
import io.railhead.transit.data.TaskItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead data show`.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows questions with their answers, and writes their pictures.")
final class DataShowCommand implements Callable<Integer> {
    @Mixin
    private DataOptions data = new DataOptions();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--train", description = "From the training split instead of the held-out one.")
    private boolean train;

    @Option(names = "--limit", paramLabel = "N", description = "How many questions (default: 12).")
    private int limit = 12;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the pictures go (default: a new temporary folder).")
    private @Nullable Path out;

    @Option(
            names = "--table",
            description = "How many questions there are of each type about each city, and their maps.")
    private boolean table;

    @Option(names = "--json", description = "One JSON object a question instead of text.")
    private boolean json;

    private final Terminal terminal;

    DataShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Config resolved = config.resolve(data.settings());
        DataSettings settings = DataSettings.from(resolved);
        TaskSource source = TaskSource.of(settings, DataOptions.split(train));
        if (table) {
            return showTable(source);
        }
        List<Item> shown = Evaluation.choose(source.items(), DataOptions.limit(limit));
        Map<String, byte[]> pictures = pictures(shown); // before anything is written: one may be missing
        Optional<Path> folder = pictures.isEmpty() ? Optional.empty() : Optional.of(folder());
        for (Map.Entry<String, byte[]> picture : pictures.entrySet()) {
            Files.write(folder.orElseThrow().resolve(picture.getKey()), picture.getValue());
        }
        for (Item item : shown) {
            List<String> files = item.images().stream()
                    .map(image -> folder.orElseThrow().resolve(fileName(image)).toString())
                    .toList();
            terminal.out().println(json ? Json.line(object(item, files)) : text(item, files));
        }
        if (!json) {
            terminal.out()
                    .printf(
                            "%d of %d questions of %s (%s)%s%n",
                            shown.size(),
                            source.items().size(),
                            DataOptions.described(settings),
                            DataOptions.split(train).wireName(),
                            folder.map(path -> "; pictures in " + path).orElse(""));
            DataReports.printLeftOut(terminal, source);
            DataReports.repairs(source.repaired())
                    .forEach(city -> terminal.out().println("mended " + city));
        }
        return 0;
    }

    private Path folder() throws IOException {
        return out == null ? Files.createTempDirectory("railhead-data-") : Files.createDirectories(out);
    }

    /// What the pictures' files are called, with what is in them.
    private static Map<String, byte[]> pictures(List<Item> items) throws IOException {
        Map<String, byte[]> pictures = new LinkedHashMap<>();
        for (Item item : items) {
            for (ImageSource image : item.images()) {
                if (!pictures.containsKey(fileName(image))) {
                    pictures.put(fileName(image), image.load());
                }
            }
        }
        return pictures;
    }

    private static String fileName(ImageSource image) {
        return image.name().replace('/', '-');
    }

    private int showTable(TaskSource source) throws IOException {
        terminal.out().print(QuestionTable.of(source.items()));
        if (out != null) {
            Files.createDirectories(out);
            Set<String> written = new HashSet<>();
            for (Item item : source.items()) {
                for (ImageSource image : item.images()) {
                    if (written.add(fileName(image))) {
                        Files.write(out.resolve(fileName(image)), image.load());
                    }
                }
            }
            terminal.out().printf("%d maps in %s%n", written.size(), out);
        }
        DataReports.printLeftOut(terminal, source);
        DataReports.repairs(source.repaired()).forEach(city -> terminal.out().println("mended " + city));
        return 0;
    }

    private static String text(Item item, List<String> pictures) {
        List<String> facts = new ArrayList<>(List.of(item.kind()));
        switch (item) {
            case Item.OfMap _ -> facts.add(item.difficulty() + " map");
            case Item.Own _ -> facts.add(item.difficulty());
        }
        facts.addAll(pictures);
        return """
                --- %s  (%s)
                %s
                answer: %s
                """.formatted(
                        item.id(),
                        String.join(", ", facts),
                        item.text().strip(),
                        item.reference().strip());
    }

    private static Map<String, Object> object(Item item, List<String> pictures) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", item.id());
        switch (item) {
            case Item.OfMap(TaskItem task) -> {
                object.put("type", item.kind());
                object.put("difficulty_city", item.difficulty());
                object.put("question_transfer_count", task.question().questionTransferCount());
                object.put("question", item.text());
                object.put("answer", item.reference());
                object.put("image", pictures.getFirst());
            }
            case Item.Own(OwnItem own) -> {
                object.put("kind", item.kind());
                object.put("difficulty", item.difficulty());
                object.put("prompt", item.text());
                object.put("answer", own.question().answer());
                object.put("images", pictures);
            }
        }
        return object;
    }
}
