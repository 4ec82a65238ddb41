package io.railhead.app.run;

import io.railhead.actors.protocol.Task;
import io.railhead.actors.stage.PromptLoadException;
import io.railhead.actors.stage.PromptRef;
import io.railhead.actors.stage.PromptSource;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.QuestionType;
import io.railhead.transit.data.FolderTasks;
import io.railhead.transit.data.GeneratedTasks;
import io.railhead.transit.data.ImageSource;
import io.railhead.transit.data.RepairedCity;
import io.railhead.transit.data.SkippedCity;
import io.railhead.transit.data.Split;
import io.railhead.transit.data.TaskItem;
import io.railhead.transit.data.TaskSet;
import io.railhead.transit.data.table.TableTasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The tasks of one split as the actors take them. Pictures are loaded when they are first needed and kept, one
/// copy a picture. Usable from several threads.
public final class TaskSource implements PromptSource {
    private final TaskSet tasks;
    private final List<SkippedCity> skipped;
    private final List<RepairedCity> repaired;
    private final List<String> leftOut;
    private final Map<String, TaskItem> byId = new HashMap<>();
    private final Map<String, EncodedImage> pictures = new ConcurrentHashMap<>();

    private TaskSource(TaskSet tasks, List<SkippedCity> skipped, List<RepairedCity> repaired, List<String> leftOut) {
        this.tasks = tasks;
        this.skipped = skipped;
        this.repaired = repaired;
        this.leftOut = leftOut;
        tasks.items().forEach(item -> byId.put(item.question().id(), item));
    }

    /// @throws InvalidDataException if the folder or one of its files cannot be used
    public static TaskSource of(DataSettings settings, Split split) {
        return switch (settings.source()) {
            case GENERATED ->
                new TaskSource(
                        GeneratedTasks.of(
                                        settings.seed(),
                                        settings.mapsPerDifficulty(),
                                        settings.questionsPerType(),
                                        split)
                                .inForms(settings.planningForms()),
                        List.of(),
                        List.of(),
                        List.of());
            case FOLDER -> {
                Path folder = settings.folder();
                if (Files.isDirectory(folder.resolve("stations"))) {
                    yield ofCities(settings, split);
                }
                if (!Files.exists(folder) || TableTasks.isAt(folder)) {
                    yield ofTable(settings, split);
                }
                throw new InvalidDataException(
                        folder + " is neither a folder of cities, with stations/, nor a data set of "
                                + String.join(", ", TableTasks.endings()));
            }
        };
    }

    private static TaskSource ofCities(DataSettings settings, Split split) {
        FolderTasks tasks = FolderTasks.of(
                settings.folder(), settings.seed(), settings.questionsPerType(), split, settings.holdOut());
        return new TaskSource(
                tasks.tasks().inForms(settings.planningForms()), tasks.skipped(), tasks.repaired(), List.of());
    }

    private static TaskSource ofTable(DataSettings settings, Split split) {
        TableTasks tasks = TableTasks.of(settings.folder(), split, settings.holdOut());
        TaskSet wanted = tasks.tasks()
                .filter(item -> item.question().type() != QuestionType.PLANNING
                        || settings.planningForms().contains(item.question().form()));
        return new TaskSource(wanted, List.of(), List.of(), tasks.leftOut());
    }

    /// The same questions, each with an empty picture of its map's size.
    public TaskSource withBlankPictures() {
        return new TaskSource(tasks.withBlankPictures(), skipped, repaired, leftOut);
    }

    public List<TaskItem> items() {
        return tasks.items();
    }

    /// Cities of a folder that cannot be used, and why.
    public List<SkippedCity> skipped() {
        return skipped;
    }

    /// Cities of a folder whose station files were mended, and how.
    public List<RepairedCity> repaired() {
        return repaired;
    }

    /// Rows of a data set that no question can be made of, and why.
    public List<String> leftOut() {
        return leftOut;
    }

    @Override
    public List<PromptRef> catalogue() {
        return items().stream()
                .map(item -> new PromptRef(
                        item.question().id(),
                        item.question().type().wireName(),
                        item.question().mapDifficulty().wireName()))
                .toList();
    }

    @Override
    public Task load(String id) throws PromptLoadException {
        TaskItem item = byId.get(id);
        if (item == null) {
            throw new PromptLoadException("no prompt " + id + " in " + tasks.name());
        }
        try {
            return task(item);
        } catch (InvalidDataException e) {
            throw new PromptLoadException(String.valueOf(e.getMessage()), e);
        }
    }

    /// @throws InvalidDataException if the picture cannot be read
    public Task task(TaskItem item) {
        Prompt prompt = new Prompt(item.question().id(), item.question().text(), List.of(picture(item.image())));
        return new Task(
                prompt,
                item.question().type().wireName(),
                item.question().mapDifficulty().wireName(),
                item.key().toJson());
    }

    private EncodedImage picture(ImageSource source) {
        return pictures.computeIfAbsent(source.name(), name -> {
            try {
                return EncodedImage.of(source.load());
            } catch (IOException e) {
                throw new InvalidDataException("picture " + name + " cannot be read: " + e.getMessage(), e);
            }
        });
    }
}
