package io.railhead.app.command;

import com.typesafe.config.Config;
import io.railhead.app.report.QuestionTable;
import io.railhead.app.run.DataSettings;
import io.railhead.app.run.Evaluation;
import io.railhead.app.run.TaskSource;
import io.railhead.transit.Question;
import io.railhead.transit.data.TaskItem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
        description = "Shows questions with their answers, and writes their maps as pictures.")
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
        List<TaskItem> shown = Evaluation.choose(source.items(), DataOptions.limit(limit));
        List<byte[]> pictures = new ArrayList<>();
        for (TaskItem item : shown) {
            pictures.add(item.image().load());
        }
        Path folder = out == null ? Files.createTempDirectory("railhead-data-") : Files.createDirectories(out);
        Set<Path> written = new HashSet<>();
        for (int i = 0; i < shown.size(); i++) {
            TaskItem item = shown.get(i);
            Path picture = folder.resolve(item.image().name().replace('/', '-'));
            if (written.add(picture)) {
                Files.write(picture, pictures.get(i));
            }
            terminal.out().println(json ? Json.line(object(item, picture)) : text(item, picture));
        }
        if (!json) {
            terminal.out()
                    .printf(
                            "%d of %d questions of %s (%s); pictures in %s%n",
                            shown.size(),
                            source.items().size(),
                            DataOptions.described(settings),
                            DataOptions.split(train).wireName(),
                            folder);
            DataReports.printLeftOut(terminal, source);
            DataReports.printRepairs(terminal, source.repaired());
        }
        return 0;
    }

    private int showTable(TaskSource source) throws IOException {
        terminal.out().print(QuestionTable.of(source.items()));
        if (out != null) {
            Files.createDirectories(out);
            Set<String> written = new HashSet<>();
            for (TaskItem item : source.items()) {
                String name = item.image().name().replace('/', '-');
                if (written.add(name)) {
                    Files.write(out.resolve(name), item.image().load());
                }
            }
            terminal.out().printf("%d maps in %s%n", written.size(), out);
        }
        DataReports.printLeftOut(terminal, source);
        DataReports.printRepairs(terminal, source.repaired());
        return 0;
    }

    private static String text(TaskItem item, Path picture) {
        Question question = item.question();
        return """
                --- %s  (%s, %s map, %s)
                %s
                answer: %s
                """.formatted(
                        question.id(),
                        question.type().wireName(),
                        question.mapDifficulty().wireName(),
                        picture,
                        question.text().strip(),
                        question.referenceResponse().strip());
    }

    private static Map<String, Object> object(TaskItem item, Path picture) {
        Question question = item.question();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", question.id());
        object.put("type", question.type().wireName());
        object.put("difficulty_city", question.mapDifficulty().wireName());
        object.put("question_transfer_count", question.questionTransferCount());
        object.put("question", question.text());
        object.put("answer", question.referenceResponse());
        object.put("image", picture.toString());
        return object;
    }
}
