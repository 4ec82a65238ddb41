package io.railhead.app.supervised;

import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainingRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Examples as training rows. Questions about one picture share a row, so that the picture is computed once; their
/// log-probabilities are those of each alone, up to rounding.
final class Packing {
    private Packing() {}

    /// What goes through the model in one pass.
    ///
    /// @param learnFrom where the answer begins in each continuation
    record Pass(List<TrainingRow> rows, List<Integer> learnFrom) {}

    /// @param placeholder the token that stands for a part of a picture
    /// @param tokenBudget of a pass; a single example may exceed it
    static List<Pass> of(List<Example> examples, int placeholder, int tokenBudget) {
        List<Pass> passes = new ArrayList<>();
        List<TrainingRow> rows = new ArrayList<>();
        List<Integer> learnFrom = new ArrayList<>();
        long tokens = 0;
        for (List<Example> together : shared(examples, placeholder, tokenBudget)) {
            long more = together.stream().mapToLong(Example::tokens).sum();
            if (!rows.isEmpty() && tokens + more > tokenBudget) {
                passes.add(new Pass(List.copyOf(rows), List.copyOf(learnFrom)));
                rows.clear();
                learnFrom.clear();
                tokens = 0;
            }
            rows.add(row(together, learnFrom));
            tokens += more;
        }
        passes.add(new Pass(rows, learnFrom));
        return passes;
    }

    /// The examples, those of one row together. Prompts that differ before their picture ends have rows of their own.
    private static List<List<Example>> shared(List<Example> examples, int placeholder, int tokenBudget) {
        Map<String, List<List<Example>>> byPicture = new LinkedHashMap<>();
        for (Example example : examples) {
            List<List<Example>> rows = byPicture.computeIfAbsent(example.picture(), _ -> new ArrayList<>());
            boolean fits = !rows.isEmpty()
                    && commonPrefix(rows.getLast().getFirst(), example) > lastOf(placeholder, example.prompt())
                    && rows.getLast().stream().mapToLong(Example::tokens).sum() + example.tokens() <= tokenBudget;
            if (!fits) {
                rows.add(new ArrayList<>());
            }
            rows.getLast().add(example);
        }
        return byPicture.values().stream().flatMap(List::stream).toList();
    }

    private static TrainingRow row(List<Example> together, List<Integer> learnFrom) {
        Example first = together.getFirst();
        int prefix = together.stream()
                .mapToInt(example -> commonPrefix(first, example))
                .min()
                .orElseThrow();
        List<TokenIds> continuations = new ArrayList<>();
        for (Example example : together) {
            TokenIds question =
                    TokenIds.of(example.prompt().stream().skip(prefix).toArray());
            learnFrom.add(question.size());
            continuations.add(question.plus(example.answer()));
        }
        return new TrainingRow(
                TokenIds.of(first.prompt().stream().limit(prefix).toArray()), first.images(), continuations);
    }

    private static int commonPrefix(Example one, Example other) {
        int most = Math.min(one.prompt().size(), other.prompt().size());
        int same = 0;
        while (same < most && one.prompt().get(same) == other.prompt().get(same)) {
            same++;
        }
        return same;
    }

    private static int lastOf(int token, TokenIds tokens) {
        int last = tokens.size() - 1;
        while (last >= 0 && tokens.get(last) != token) {
            last--;
        }
        return last;
    }
}
