package io.railhead.app.run;

import io.railhead.actors.protocol.Task;
import io.railhead.actors.stage.PromptLoadException;
import io.railhead.actors.stage.PromptRef;
import io.railhead.actors.stage.PromptSource;
import io.railhead.app.questions.QuestionFiles;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import io.railhead.reward.RewardSettings;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.QuestionType;
import io.railhead.transit.data.FolderTasks;
import io.railhead.transit.data.GeneratedTasks;
import io.railhead.transit.data.ImageSource;
import io.railhead.transit.data.RepairedCity;
import io.railhead.transit.data.SkippedCity;
import io.railhead.transit.data.Split;
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
    private final String name;
    private final List<Item> items;
    private final List<SkippedCity> skipped;
    private final List<RepairedCity> repaired;
    private final List<String> leftOut;
    private final Map<String, Item> byId = new HashMap<>();
    private final Map<String, EncodedImage> pictures = new ConcurrentHashMap<>();

    private TaskSource(TaskSet tasks, List<SkippedCity> skipped, List<RepairedCity> repaired, List<String> leftOut) {
        this(tasks.name(), tasks.items().stream().<Item>map(Item.OfMap::new).toList(), skipped, repaired, leftOut);
    }

    private TaskSource(
            String name,
            List<Item> items,
            List<SkippedCity> skipped,
            List<RepairedCity> repaired,
            List<String> leftOut) {
        this.name = name;
        this.items = items;
        this.skipped = skipped;
        this.repaired = repaired;
        this.leftOut = leftOut;
        items.forEach(item -> byId.put(item.id(), item));
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
            case QUESTIONS ->
                new TaskSource(
                        settings.folder() + "-" + split.wireName(),
                        QuestionFiles.read(settings.folder(), split).stream()
                                .<Item>map(Item.Own::new)
                                .toList(),
                        List.of(),
                        List.of(),
                        List.of());
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

    /// The same questions about maps, each with an empty picture of its map's size.
    public TaskSource withBlankPictures() {
        TaskSet tasks = new TaskSet(
                name,
                items.stream().map(item -> item.requireMap("a blank picture")).toList());
        return new TaskSource(tasks.withBlankPictures(), skipped, repaired, leftOut);
    }

    public List<Item> items() {
        return items;
    }

    /// Makes sure that the function scores such questions.
    public void requireScoredBy(RewardSettings reward) {
        reward.requireScoring(items.stream().anyMatch(item -> item instanceof Item.Own));
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
                .map(item -> new PromptRef(item.id(), item.kind(), item.difficulty()))
                .toList();
    }

    @Override
    public Task load(String id) throws PromptLoadException {
        Item item = byId.get(id);
        if (item == null) {
            throw new PromptLoadException("no prompt " + id + " in " + name);
        }
        try {
            return task(item);
        } catch (InvalidDataException e) {
            throw new PromptLoadException(String.valueOf(e.getMessage()), e);
        }
    }

    /// @throws InvalidDataException if a picture cannot be read
    public Task task(Item item) {
        Prompt prompt = new Prompt(
                item.id(),
                item.text(),
                item.images().stream().map(this::picture).toList());
        return new Task(prompt, item.kind(), item.difficulty(), item.answerKey());
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
