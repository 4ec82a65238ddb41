package io.railhead.app.pretrain;

import io.railhead.learner.supervised.SupervisedObjective;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.OptimizerStep;
import io.railhead.policy.Prompt;
import io.railhead.policy.TokenIds;
import io.railhead.policy.Tokenizer;
import io.railhead.policy.VisualLabel;
import io.railhead.policy.djl.DjlTrainablePolicy;
import io.railhead.transit.Seeds;
import io.railhead.transit.data.GeneratedTasks;
import io.railhead.transit.data.Split;
import io.railhead.transit.map.GeneratedMap;
import io.railhead.transit.map.MapPainter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Supervised pretraining on generated maps, as a sequence of steps; the same recipe gives the same weights.
public final class Pretraining {
    private static final double BETA_1 = 0.9;
    private static final double BETA_2 = 0.98;
    private static final double EPSILON = 1e-8;
    private static final double WEIGHT_DECAY = 0.01;
    private static final double MAX_GRADIENT_NORM = 1;

    private static final Map<MapLessons.Kind, Double> LOOKUPS = mixture(Map.of(
            MapLessons.Kind.LINES_THROUGH, 5.0,
            MapLessons.Kind.STOPS_OF, 1.0,
            MapLessons.Kind.MEETING, 1.0,
            MapLessons.Kind.TORF2, 1.0,
            MapLessons.Kind.COUNTING2, 1.0));
    private static final Map<MapLessons.Kind, Double> ALL = mixture(Map.ofEntries(
            Map.entry(MapLessons.Kind.LINES_THROUGH, 1.0),
            Map.entry(MapLessons.Kind.STOPS_OF, 1.5),
            Map.entry(MapLessons.Kind.MEETING, 1.5),
            Map.entry(MapLessons.Kind.TORF1, 1.5),
            Map.entry(MapLessons.Kind.TORF2, 1.5),
            Map.entry(MapLessons.Kind.COUNTING1, 1.5),
            Map.entry(MapLessons.Kind.COUNTING2, 0.7),
            Map.entry(MapLessons.Kind.COUNTING3, 0.4),
            Map.entry(MapLessons.Kind.DIRECT, 0.6),
            Map.entry(MapLessons.Kind.ONE_TRANSFER, 0.6),
            Map.entry(MapLessons.Kind.TWO_TRANSFERS, 0.15)));

    /// How many of the answers look first in the last phase; of kinds that are not named, all.
    private static final Map<MapLessons.Kind, Double> LOOK_SHARES = mixture(Map.ofEntries(
            Map.entry(MapLessons.Kind.TORF1, 0.35),
            Map.entry(MapLessons.Kind.TORF2, 0.6),
            Map.entry(MapLessons.Kind.COUNTING1, 0.2),
            Map.entry(MapLessons.Kind.COUNTING2, 0.6),
            Map.entry(MapLessons.Kind.COUNTING3, 0.4),
            Map.entry(MapLessons.Kind.DIRECT, 0.15),
            Map.entry(MapLessons.Kind.ONE_TRANSFER, 0.15),
            Map.entry(MapLessons.Kind.TWO_TRANSFERS, 0.15)));

    private final PretrainingRecipe recipe;
    private final DjlTrainablePolicy policy;
    private final Tokenizer tokenizer;
    private final List<GeneratedMap> maps;
    private final MapPainter painter = new MapPainter();
    private final Map<Integer, MapLessons> lessons = new HashMap<>();
    private final TokenIds prefix;
    private final Random random;
    private int step;

    /// @param alignment mean cross-entropy of the visual tokens' labels; NaN in steps that leave it out
    /// @param answers mean cross-entropy of the answers' tokens; NaN in the alignment phase
    public record Progress(int step, double alignment, double answers, double learningRate) {}

    /// @param model the folder that the policy was opened from
    public Pretraining(PretrainingRecipe recipe, ModelDirectory model, DjlTrainablePolicy policy, Tokenizer tokenizer) {
        this.recipe = recipe;
        this.policy = policy;
        this.tokenizer = tokenizer;
        this.maps = GeneratedTasks.maps(recipe.seed(), recipe.mapsPerDifficulty(), Split.TRAIN);
        this.random = Seeds.random(Seeds.derive(recipe.seed(), 7));
        this.prefix = prefix(model, lessons(0).image());
    }

    public boolean finished() {
        return step >= recipe.steps();
    }

    public Progress next() {
        double learningRate = recipe.learningRateAt(step);
        List<MapLessons> chosen = choose();
        double alignment = align(chosen, recipe.alignmentWeightAt(step));
        double answers = switch (recipe.phaseAt(step)) {
            case ALIGNMENT -> Double.NaN;
            case LOOKUPS -> answer(chosen, LOOKUPS, Map.of());
            case MIXTURE -> answer(chosen, ALL, Map.of());
            case HABITS -> answer(chosen, ALL, LOOK_SHARES);
        };
        double norm =
                policy.step(new OptimizerStep(learningRate, BETA_1, BETA_2, EPSILON, WEIGHT_DECAY, MAX_GRADIENT_NORM));
        if (!Double.isFinite(norm)) {
            throw new IllegalStateException("the gradient of pretraining step " + step + " is not finite");
        }
        return new Progress(step++, alignment, answers, learningRate);
    }

    private double answer(
            List<MapLessons> chosen, Map<MapLessons.Kind, Double> mixture, Map<MapLessons.Kind, Double> lookShares) {
        LessonBatch batch =
                LessonBatch.draw(chosen, recipe.questionsPerMap(), mixture, lookShares, prefix, tokenizer, random);
        return policy.accumulate(batch.rows(), new SupervisedObjective(batch.learnFrom(), batch.answerTokens()));
    }

    private double align(List<MapLessons> chosen, double weight) {
        if (weight == 0) {
            return Double.NaN;
        }
        List<EncodedImage> images = chosen.stream().map(MapLessons::image).toList();
        List<List<VisualLabel>> labels =
                chosen.stream().map(map -> map.labels(tokenizer)).toList();
        return policy.align(images, labels, weight) / weight;
    }

    private List<MapLessons> choose() {
        var chosen = new ArrayList<MapLessons>();
        for (int i = 0; i < recipe.mapsPerStep(); i++) {
            chosen.add(lessons(random.nextInt(maps.size())));
        }
        return chosen;
    }

    private MapLessons lessons(int index) {
        return lessons.computeIfAbsent(
                index, i -> new MapLessons(maps.get(i), painter, Seeds.derive(recipe.seed(), 1000L + i)));
    }

    /// The conversation up to the end of the picture.
    private TokenIds prefix(ModelDirectory model, EncodedImage image) {
        TokenIds all = policy.tokenize(new Prompt("prefix", "", List.of(image)));
        int end = 0;
        while (all.get(end) != model.config().visionEndTokenId()) {
            end++;
        }
        return TokenIds.of(all.stream().limit(end + 1L).toArray());
    }

    private static Map<MapLessons.Kind, Double> mixture(Map<MapLessons.Kind, Double> shares) {
        return Collections.unmodifiableMap(new EnumMap<>(shares));
    }
}
