import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// Writes questions like `Sort: H B K D` into a folder: train.jsonl and test.jsonl. None is in both.
///
///     java MakeQuestions.java FOLDER
public final class MakeQuestions {
    private static final String LETTERS = "ABCDEFGHIJKL";
    private static final int TRAIN = 2000;
    private static final int TEST = 300;

    private MakeQuestions() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        Random random = new Random(1);
        Set<List<String>> lists = new LinkedHashSet<>();
        while (lists.size() < TRAIN + TEST) {
            List<String> letters = new ArrayList<>(List.of(LETTERS.split("")));
            Collections.shuffle(letters, random);
            lists.add(List.copyOf(letters.subList(0, 4 + random.nextInt(3)))); // four to six letters
        }
        List<String> lines = new ArrayList<>();
        for (List<String> letters : lists) {
            String answer = String.join(" ", letters.stream().sorted().toList());
            lines.add("""
                    {"id": "sort-%d", "kind": "sort", "difficulty": "%d letters", "prompt": "Sort: %s", "answer": "%s"}"""
                    .formatted(lines.size(), letters.size(), String.join(" ", letters), answer));
        }
        Files.write(folder.resolve("train.jsonl"), lines.subList(0, TRAIN));
        Files.write(folder.resolve("test.jsonl"), lines.subList(TRAIN, TRAIN + TEST));
    }
}
