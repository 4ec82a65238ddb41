package io.railhead.app.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A call of `railhead` in a fenced block of a document.
///
/// @param needsGpu the block says so: its info string is `sh needs-gpu`
/// @param words what stands behind `railhead`, as a shell splits it, without comments, pipes and redirections
record DocumentedCommand(Path document, boolean needsGpu, List<String> words) {
    DocumentedCommand {
        words = List.copyOf(words);
    }

    /// Those of one document, in its order.
    static List<DocumentedCommand> in(Path document) throws IOException {
        List<DocumentedCommand> commands = new ArrayList<>();
        String fence = ""; // of the block that a line is in
        StringBuilder command = new StringBuilder();
        for (String line : Files.readAllLines(document)) {
            if (line.startsWith("```")) {
                fence = fence.isEmpty() ? line : "";
                continue;
            }
            if (fence.isEmpty()) {
                continue;
            }
            command.append(command.isEmpty() ? line : line.strip());
            if (line.endsWith("\\")) {
                command.setLength(command.length() - 1);
                continue;
            }
            boolean needsGpu = fence.contains("needs-gpu");
            called(command.toString())
                    .ifPresent(words -> commands.add(new DocumentedCommand(document, needsGpu, words)));
            command.setLength(0);
        }
        return commands;
    }

    /// All documents for people: README, docs, deploy, examples.
    static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(root().resolve("README.md"), root().resolve("CONTRIBUTING.md")));
        for (String folder : List.of("docs", "deploy", "examples")) {
            try (Stream<Path> files = Files.walk(root().resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
            }
        }
        return documents;
    }

    static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("app") ? here.resolveSibling("") : here;
    }

    private static Optional<List<String>> called(String line) {
        String call = line.replaceFirst("^.*\\| *(?=\\./railhead )", "") // fed by a pipe
                .replaceFirst("^([A-Z_]+=\\S* )+", "") // with variables set
                .replaceFirst("^ *\\$ +", "");
        if (!call.startsWith("./railhead ") && !call.startsWith("railhead ")) {
            return Optional.empty();
        }
        String arguments = call.replaceFirst("^\\S+ +", "")
                .replaceFirst(" +#.*", "")
                .replaceFirst(" {3,}.*", "") // what it does, in a column of its own
                .replaceFirst(" [<>|] .*", "");
        return Optional.of(split(arguments));
    }

    /// Words between single quotes are one.
    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        String[] parts = text.split("'", -1);
        for (int i = 0; i < parts.length; i++) {
            if (i % 2 == 1) {
                words.add(parts[i]);
            } else {
                Arrays.stream(parts[i].strip().split(" +"))
                        .filter(word -> !word.isEmpty())
                        .forEach(words::add);
            }
        }
        return words;
    }

    @Override
    public String toString() {
        return root().relativize(document) + ": railhead " + String.join(" ", words);
    }
}
