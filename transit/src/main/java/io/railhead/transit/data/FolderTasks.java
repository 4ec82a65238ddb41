package io.railhead.transit.data;

import io.railhead.transit.Difficulty;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionGenerator;
import io.railhead.transit.QuestionType;
import io.railhead.transit.Seeds;
import io.railhead.transit.StationFile;
import io.railhead.transit.TidyNetwork;
import io.railhead.transit.TransitNetwork;
import io.railhead.transit.answer.AnswerKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/// Tasks about real cities, from a folder with `stations/<country>/<city>.json` and `maps/<country>/<city>.png` (or
/// `.jpg`, `.jpeg`).
///
/// @param skipped the cities of the split that have no picture or gave no question, for the caller to report
/// @param repaired what was mended in the station files of the others
public record FolderTasks(TaskSet tasks, List<SkippedCity> skipped, List<RepairedCity> repaired) {
    private static final List<String> PICTURE_ENDINGS = List.of(".png", ".jpg", ".jpeg");

    public FolderTasks {
        skipped = List.copyOf(skipped);
        repaired = List.copyOf(repaired);
    }

    /// Questions about all cities of the split, in alphabetical order of country and city.
    ///
    /// @throws InvalidDataException if the folder has no station files, or a station file or picture cannot be read
    public static FolderTasks of(Path folder, long seed, int questionsPerTypePerCity, Split split) {
        return of(folder, seed, questionsPerTypePerCity, split, HoldOut.CITIES);
    }

    /// The same with a choice of what is held out.
    public static FolderTasks of(Path folder, long seed, int questionsPerTypePerCity, Split split, HoldOut holdOut) {
        var items = new ArrayList<TaskItem>();
        var skipped = new ArrayList<SkippedCity>();
        var repaired = new ArrayList<RepairedCity>();
        for (Path stations : stationFiles(folder)) {
            String country = stations.getName(0).toString();
            String fileName = stations.getName(1).toString();
            String city = fileName.substring(0, fileName.length() - ".json".length());
            if (holdOut == HoldOut.CITIES && Cities.splitOf(city) != split) {
                continue;
            }
            StationFile file = StationFile.read(folder.resolve("stations").resolve(stations), city);
            Optional<Path> picture = picture(folder, country, city);
            if (picture.isEmpty()) {
                skipped.add(new SkippedCity(country, city, "no picture maps/" + country + "/" + city + ".png"));
                continue;
            }
            PictureHeader.read(picture.get());
            PictureHeader.requireWhole(picture.get());
            var image = new FileImage(country + "/" + picture.get().getFileName(), picture.get());
            TidyNetwork tidy = TidyNetwork.of(file, KnownLayouts.of(folder, country, city));
            if (!tidy.repairs().isEmpty()) {
                repaired.add(new RepairedCity(country, city, tidy.repairs()));
            }
            Difficulty difficulty = Cities.difficultyOf(city, file);
            String id = country + "/" + city;
            items.addAll(
                    switch (holdOut) {
                        case CITIES ->
                            items(tidy.network(), difficulty, id, image, seed, questionsPerTypePerCity, _ -> true);
                        case QUESTIONS ->
                            items(
                                    tidy.network(),
                                    difficulty,
                                    id,
                                    image,
                                    seed,
                                    2 * questionsPerTypePerCity,
                                    ordinal -> splitOfQuestion(ordinal) == split);
                    });
        }
        return new FolderTasks(new TaskSet(folder.getFileName() + "-" + split.wireName(), items), skipped, repaired);
    }

    /// In pairs, since yes and no alternate; a type with one question only gives it to training.
    private static Split splitOfQuestion(int ordinal) {
        return ordinal / 2 % 2 == 0 ? Split.TRAIN : Split.TEST;
    }

    private static List<TaskItem> items(
            TransitNetwork network,
            Difficulty difficulty,
            String idPrefix,
            ImageSource image,
            long seed,
            int questionsPerType,
            IntPredicate wanted) {
        var items = new ArrayList<TaskItem>();
        var generator = new QuestionGenerator(network, difficulty, idPrefix, Seeds.derive(seed, idPrefix.hashCode()));
        for (QuestionType type : QuestionType.values()) {
            List<Question> questions = generator.questions(type, questionsPerType);
            for (int i = 0; i < questions.size(); i++) {
                if (wanted.test(i)) {
                    items.add(new TaskItem(questions.get(i), AnswerKey.of(questions.get(i), network), image));
                }
            }
        }
        return items;
    }

    /// Paths below the folder of station files: country, city.
    private static List<Path> stationFiles(Path folder) {
        Path stations = folder.resolve("stations");
        if (!Files.isDirectory(stations)) {
            throw new InvalidDataException("folder " + folder + " has no folder 'stations'");
        }
        try (Stream<Path> files = Files.find(stations, 2, (path, attributes) -> attributes.isRegularFile())) {
            List<Path> found = files.map(stations::relativize)
                    .filter(path -> path.getNameCount() == 2
                            && path.getName(1).toString().endsWith(".json"))
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new InvalidDataException("folder " + stations + " has no <country>/<city>.json");
            }
            return found;
        } catch (IOException e) {
            throw new InvalidDataException("folder " + stations + " cannot be listed: " + e.getMessage(), e);
        }
    }

    private static Optional<Path> picture(Path folder, String country, String city) {
        return PICTURE_ENDINGS.stream()
                .map(ending -> folder.resolve("maps").resolve(country).resolve(city + ending))
                .filter(Files::isRegularFile)
                .findFirst();
    }
}
