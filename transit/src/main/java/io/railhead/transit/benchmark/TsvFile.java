package io.railhead.transit.benchmark;

import io.railhead.transit.InvalidDataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Tab-separated values with a head. A field that begins with a quotation mark goes to the next single one, line
/// breaks and tabs included; a doubled one is one. Rows are read one at a time, since pictures stand in them.
final class TsvFile {
    private static final int END = -1;

    private TsvFile() {}

    /// @throws InvalidDataException if the file cannot be read or a row is longer than the head; the message names both
    static void forEach(Path file, Consumer<Map<String, String>> rows) {
        if (!Files.isRegularFile(file)) {
            throw new InvalidDataException(file + (Files.exists(file) ? " is no file" : " does not exist"));
        }
        try (BufferedReader in = Files.newBufferedReader(file)) {
            List<String> head = row(in);
            int number = 1;
            for (List<String> cells = row(in); !cells.isEmpty(); cells = row(in)) {
                if (cells.size() > head.size()) {
                    throw new InvalidDataException(
                            "%s, row %d has %d fields, its head %d".formatted(file, number, cells.size(), head.size()));
                }
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < cells.size(); i++) {
                    row.put(head.get(i), cells.get(i));
                }
                rows.accept(row);
                number++;
            }
        } catch (IOException e) {
            throw new InvalidDataException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /// Empty at the end of the file.
    private static List<String> row(BufferedReader in) throws IOException {
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (int c = in.read(); c != END; c = in.read()) {
            any = true;
            if (quoted) {
                if (c != '"') {
                    cell.append((char) c);
                } else if (peek(in) == '"') {
                    cell.append((char) in.read());
                } else {
                    quoted = false;
                }
            } else if (c == '"' && cell.isEmpty()) {
                quoted = true;
            } else if (c == '\t') {
                cells.add(cell.toString());
                cell.setLength(0);
            } else if (c == '\n') {
                cells.add(withoutReturn(cell));
                return cells;
            } else {
                cell.append((char) c);
            }
        }
        if (any) {
            cells.add(withoutReturn(cell));
        }
        return cells;
    }

    private static String withoutReturn(StringBuilder cell) {
        int length = cell.length();
        return length > 0 && cell.charAt(length - 1) == '\r' ? cell.substring(0, length - 1) : cell.toString();
    }

    private static int peek(BufferedReader in) throws IOException {
        in.mark(1);
        int next = in.read();
        in.reset();
        return next;
    }
}
