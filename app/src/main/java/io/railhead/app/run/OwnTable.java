package io.railhead.app.run;

import io.railhead.app.run.Evaluation.Answer;
import io.railhead.transit.metric.Accuracy;
import io.railhead.transit.metric.Intervals;
import io.railhead.transit.metric.Mean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/// Verdicts on questions of one's own, counted up: all, and where there are several, by kind and by difficulty.
record OwnTable(List<Answer> answers, Intervals intervals) {
    List<Accuracy> rows() {
        List<Accuracy> rows = new ArrayList<>();
        if (!answers.isEmpty()) {
            rows.add(row("overall", answers));
            addRows(rows, "kind", answer -> answer.item().kind());
            addRows(rows, "difficulty", answer -> answer.item().difficulty());
        }
        return rows;
    }

    List<Mean> means() {
        return answers.isEmpty() ? List.of() : List.of(mean("reward", Answer::reward), mean("tokens", Answer::tokens));
    }

    private void addRows(List<Accuracy> rows, String what, Function<Answer, String> group) {
        TreeMap<String, List<Answer>> groups = new TreeMap<>();
        answers.forEach(answer -> groups.computeIfAbsent(group.apply(answer), _ -> new ArrayList<>())
                .add(answer));
        if (groups.size() > 1) {
            groups.forEach((name, members) -> rows.add(row(what + " " + name, members)));
        }
    }

    private Accuracy row(String name, List<Answer> of) {
        boolean[] correct = new boolean[of.size()];
        for (int i = 0; i < correct.length; i++) {
            correct[i] = of.get(i).correct();
        }
        return Accuracy.of(name, correct, ones(of.size()), intervals);
    }

    private Mean mean(String name, ToDoubleFunction<Answer> value) {
        return Mean.of(name, answers.stream().mapToDouble(value).toArray(), ones(answers.size()));
    }

    private static double[] ones(int count) {
        double[] ones = new double[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
