package io.railhead.app.report;

import io.railhead.actors.protocol.Score;
import io.railhead.app.run.Evaluation;
import io.railhead.reward.RewardFunction;
import io.railhead.transit.data.ImageSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// The answers of an evaluation with the highest and the lowest reward, each with its pictures and why it was worth
/// that: what to look at before one believes a rising curve.
final class SamplePages {
    private static final int OF_EACH = 10;

    /// An answer and its reward as training would give it.
    private record Sample(Evaluation.Answer answer, Score score) {}

    private SamplePages() {}

    /// Adds the samples to a page; the pictures go into `folder`, which lies beside it.
    static void add(HtmlReport page, Evaluation evaluation, RewardFunction reward, Path folder) throws IOException {
        List<Sample> ranked = evaluation.answers().stream()
                .map(answer -> new Sample(answer, score(answer, reward)))
                .sorted(Comparator.comparingDouble(
                        (Sample sample) -> -sample.score().reward()))
                .toList();
        int shown = Math.min(OF_EACH, ranked.size() / 2);
        for (int i = 0; i < shown; i++) {
            add(page, "Best answer " + (i + 1), ranked.get(i), folder);
        }
        for (int i = 0; i < shown; i++) {
            add(page, "Worst answer " + (i + 1), ranked.get(ranked.size() - 1 - i), folder);
        }
    }

    private static Score score(Evaluation.Answer answer, RewardFunction reward) {
        return answer.score()
                .orElseGet(() -> reward.score(
                        answer.item().requireMap("a sample without a score").key(), answer.response()));
    }

    private static void add(HtmlReport page, String heading, Sample sample, Path folder) throws IOException {
        List<ImageSource> images = sample.answer().item().images();
        if (images.isEmpty()) {
            page.heading(heading);
        }
        for (ImageSource image : images) {
            String name = image.name().replace('/', '-');
            Files.createDirectories(folder);
            Files.write(folder.resolve(name), image.load());
            page.picture(heading, folder.getFileName() + "/" + name);
        }
        page.facts(cells(sample));
    }

    private static List<List<String>> cells(Sample sample) {
        Score score = sample.score();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("question", sample.answer().item().text().strip()));
        rows.add(List.of("answer", sample.answer().response().strip()));
        rows.add(List.of("reference", sample.answer().item().reference()));
        rows.add(List.of("verdict", sample.answer().correct() ? "right" : "wrong"));
        score.components().forEach(part -> rows.add(List.of(part.name(), number(part.value()) + "  " + part.reason())));
        rows.add(List.of("weight", number(score.weight())));
        rows.add(List.of("reward", number(score.reward())));
        return rows;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
