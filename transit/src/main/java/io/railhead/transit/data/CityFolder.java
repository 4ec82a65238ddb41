package io.railhead.transit.data;

import io.railhead.transit.InvalidDataException;
import io.railhead.transit.StationFile;
import io.railhead.transit.TidyNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A folder with `stations/<country>/<city>.json` and `maps/<country>/<city>.png` (or `.jpg`, `.jpeg`), and perhaps
/// `layouts/<country>/<city>.json`.
///
/// @param cities in alphabetical order of country and city
/// @param skipped those that have no picture
public record CityFolder(List<City> cities, List<SkippedCity> skipped) {
    private static final List<String> PICTURE_ENDINGS = List.of(".png", ".jpg", ".jpeg");

    public CityFolder {
        cities = List.copyOf(cities);
        skipped = List.copyOf(skipped);
    }

    /// @param wanted which cities to look at, by name
    /// @throws InvalidDataException if the folder has no station files, or a file of a wanted city cannot be used
    public static CityFolder read(Path folder, Predicate<String> wanted) {
        var cities = new ArrayList<City>();
        var skipped = new ArrayList<SkippedCity>();
        for (Path stations : stationFiles(folder)) {
            String country = stations.getName(0).toString();
            String fileName = stations.getName(1).toString();
            String city = fileName.substring(0, fileName.length() - ".json".length());
            if (!wanted.test(city)) {
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
            cities.add(new City(
                    country,
                    city,
                    file,
                    TidyNetwork.of(file, KnownLayouts.of(folder, country, city)),
                    Cities.difficultyOf(city, file),
                    new FileImage(country + "/" + picture.get().getFileName(), picture.get())));
        }
        return new CityFolder(cities, skipped);
    }

    /// The cities whose station files were mended.
    public List<RepairedCity> repaired() {
        return cities.stream()
                .filter(city -> !city.tidy().repairs().isEmpty())
                .map(city -> new RepairedCity(
                        city.country(), city.name(), city.tidy().repairs()))
                .toList();
    }

    /// Paths below the folder of station files: country, city.
    private static List<Path> stationFiles(Path folder) {
        Path stations = folder.resolve("stations");
        if (!Files.isDirectory(folder)) {
            throw new InvalidDataException(folder + (Files.exists(folder) ? " is no folder" : " does not exist"));
        }
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
