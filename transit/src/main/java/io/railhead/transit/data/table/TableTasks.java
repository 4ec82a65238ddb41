package io.railhead.transit.data.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.data.HoldOut;
import io.railhead.transit.data.Split;
import io.railhead.transit.data.TaskItem;
import io.railhead.transit.data.TaskSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The tasks of one split of a data set: a data file, or a folder of them.
///
/// Where names tell the splits apart (`train-00000-of-00002.parquet`, `test/data-00000-of-00001.arrow`), they
/// decide. Otherwise [HoldOut] does: the published test cities, or every second pair of rows.
///
/// @param leftOut rows that no question can be made of, with the reason, for the caller to report
public record TableTasks(TaskSet tasks, List<String> leftOut) {
    public TableTasks {
        leftOut = List.copyOf(leftOut);
    }

    /// Whether there is a data set of this kind at the path.
    public static boolean isAt(Path path) {
        return TableFolder.isAt(path);
    }

    /// Of the files' names.
    public static List<String> endings() {
        return TableFormat.endings();
    }

    /// A planning row that has a short and a long question gives two tasks.
    ///
    /// @throws InvalidDataException if there is no data file, or one cannot be read, or a column is missing
    public static TableTasks of(Path path, Split split, HoldOut holdOut) {
        TableFolder folder = TableFolder.at(path);
        var reader = new RowTasks(folder);
        var items = new ArrayList<TaskItem>();
        var leftOut = new ArrayList<String>();
        for (var file : folder.filesOf(split).entrySet()) {
            var number = new Counter();
            TableFormat.forEach(file.getKey(), row -> {
                int ordinal = number.next();
                if (folder.isSplit() || splitOf(row, ordinal, file.getValue(), holdOut) == split) {
                    String where =
                            "row %d of %s".formatted(ordinal, file.getKey().getFileName());
                    try {
                        items.addAll(reader.tasks(row, items.size()));
                    } catch (UnusableRow e) {
                        leftOut.add(where + ": " + e.getMessage());
                    } catch (InvalidDataException | IllegalArgumentException e) {
                        throw new InvalidDataException(
                                "data file " + file.getKey() + ", row " + ordinal + ": " + e.getMessage(), e);
                    }
                }
            });
        }
        return new TableTasks(new TaskSet(path.getFileName() + "-" + split.wireName(), items), leftOut);
    }

    private static Split splitOf(ObjectNode row, int ordinal, Optional<Split> ofFile, HoldOut holdOut) {
        return switch (holdOut) {
            case CITIES ->
                Split.ofCity(row.path("city").asText()) == Split.TEST ? Split.TEST : ofFile.orElse(Split.TRAIN);
            case QUESTIONS -> ordinal / 2 % 2 == 0 ? Split.TRAIN : Split.TEST;
        };
    }

    private static final class Counter {
        private int count;

        int next() {
            return count++;
        }
    }
}
