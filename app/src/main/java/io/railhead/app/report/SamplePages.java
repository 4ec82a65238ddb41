package io.railhead.app.report;

import io.railhead.actors.protocol.Score;
import io.railhead.app.run.Evaluation;
import io.railhead.reward.RewardFunction;
import io.railhead.transit.data.ImageSource;
import java.io.IOException;
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

    /// Adds the samples to a page, with their pictures in it.
    static void add(HtmlReport page, Evaluation evaluation, RewardFunction reward) throws IOException {
        List<Sample> ranked = evaluation.answers().stream()
                .map(answer -> new Sample(answer, score(answer, reward)))
                .sorted(Comparator.comparingDouble(
                        (Sample sample) -> -sample.score().reward()))
                .toList();
        int shown = Math.min(OF_EACH, ranked.size() / 2);
        add(page, "Best answers", ranked.subList(0, shown));
        add(page, "Worst answers", ranked.reversed().subList(0, shown));
    }

    private static Score score(Evaluation.Answer answer, RewardFunction reward) {
        return answer.score()
                .orElseGet(() -> reward.score(
                        answer.item().requireMap("a sample without a score").key(), answer.response()));
    }

    private static void add(HtmlReport page, String heading, List<Sample> samples) throws IOException {
        List<HtmlReport.Card> cards = new ArrayList<>();
        for (Sample sample : samples) {
            List<String> pictures = new ArrayList<>();
            for (ImageSource image : sample.answer().item().images()) {
                InlinePicture.of(image.load()).ifPresent(pictures::add);
            }
            cards.add(HtmlReport.Card.of("reward " + number(sample.score().reward()), pictures, cells(sample)));
        }
        page.cards(heading, cards);
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
        return rows;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
