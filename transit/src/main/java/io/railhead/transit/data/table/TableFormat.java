package io.railhead.transit.data.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.transit.InvalidDataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The file formats that rows come in, told apart by the ends of their names. A row is a JSON object; bytes are binary
/// nodes, and fields of structures that have no value are left out.
public enum TableFormat {
    PARQUET(".parquet") {
        @Override
        void read(Path file, Consumer<ObjectNode> rows) throws IOException {
            ParquetRows.read(file, rows);
        }
    },
    ARROW(".arrow") {
        @Override
        void read(Path file, Consumer<ObjectNode> rows) throws IOException {
            ArrowRows.read(file, rows);
        }
    },
    JSONL(".jsonl") {
        @Override
        void read(Path file, Consumer<ObjectNode> rows) throws IOException {
            JsonRows.read(file, rows);
        }
    };

    private final String ending;

    TableFormat(String ending) {
        this.ending = ending;
    }

    abstract void read(Path file, Consumer<ObjectNode> rows) throws IOException;

    static List<String> endings() {
        return Arrays.stream(values()).map(format -> format.ending).toList();
    }

    static Optional<TableFormat> of(Path file) {
        return Arrays.stream(values())
                .filter(format -> file.getFileName().toString().endsWith(format.ending))
                .findFirst();
    }

    /// All rows of a file, in order, one at a time.
    ///
    /// @throws InvalidDataException if the file cannot be read; the message names it
    public static void forEach(Path file, Consumer<ObjectNode> rows) {
        TableFormat format = of(file).orElseThrow(() ->
                new InvalidDataException("data file " + file + " ends in none of " + String.join(", ", endings())));
        try {
            format.read(file, rows);
        } catch (IOException e) {
            throw new InvalidDataException("data file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
