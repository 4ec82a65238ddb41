package io.railhead.app.pretrain;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.Tokenizer;
import io.railhead.policy.VisualLabel;
import io.railhead.transit.Question;
import io.railhead.transit.QuestionGenerator;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.LookFirst;
import io.railhead.transit.answer.LookFirst.Lookup;
import io.railhead.transit.map.GeneratedMap;
import io.railhead.transit.map.MapPainter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Everything that can be taught from one generated map: its picture, what each visual token shows, and questions of
/// every kind with their look-first answers.
final class MapLessons {
    private static final int QUESTIONS_PER_KIND = 12;

    /// What a lesson is about: a look-up, one of the published types, or planning with a number of transfers.
    enum Kind {
        LINES_THROUGH,
        STOPS_OF,
        MEETING,
        TORF1,
        TORF2,
        COUNTING1,
        COUNTING2,
        COUNTING3,
        DIRECT,
        ONE_TRANSFER,
        TWO_TRANSFERS
    }

    private final GeneratedMap map;
    private final EncodedImage image;
    private final LookFirst answers;
    private final QuestionGenerator generator;
    private final Map<Kind, List<Question>> questions = new EnumMap<>(Kind.class);

    MapLessons(GeneratedMap map, MapPainter painter, long seed) {
        this.map = map;
        this.image = EncodedImage.of(painter.png(map));
        this.answers = new LookFirst(map.network());
        this.generator = new QuestionGenerator(
                map.network(), map.difficulty(), map.network().city(), seed);
    }

    EncodedImage image() {
        return image;
    }

    /// A lesson of the kind; look-ups of one station's lines where the map has none of it.
    ///
    /// @param lookShare how likely the answer looks first; else it is the bare one
    Lookup draw(Kind kind, double lookShare, Random random) {
        return switch (kind) {
            case LINES_THROUGH ->
                answers.linesThrough(pick(random, List.copyOf(map.network().stations())));
            case STOPS_OF -> answers.stopsOf(pick(random, lines()));
            case MEETING -> meeting(random);
            case TORF1, TORF2, COUNTING1, COUNTING2, COUNTING3, DIRECT, ONE_TRANSFER, TWO_TRANSFERS -> {
                List<Question> known = questions.computeIfAbsent(kind, this::generate);
                if (known.isEmpty()) {
                    yield draw(Kind.LINES_THROUGH, lookShare, random);
                }
                Question question = pick(random, known);
                boolean looks = random.nextDouble() < lookShare;
                yield new Lookup(question.text(), looks ? answers.response(question) : question.referenceResponse());
            }
        };
    }

    /// Letters and lines of stations, and the legend's lines.
    List<VisualLabel> labels(Tokenizer tokenizer) {
        var words = new HashMap<String, Integer>();
        var labels = new ArrayList<VisualLabel>();
        map.cells().forEach((station, cell) -> {
            labels.add(new VisualLabel(index(cell.row(), cell.column()), token(tokenizer, words, station), 0.5));
            List<Integer> lines = map.lineNumbersAt(cell);
            for (int line : lines) {
                labels.add(new VisualLabel(
                        index(cell.row(), cell.column()),
                        token(tokenizer, words, GeneratedMap.lineName(line)),
                        0.5 / lines.size()));
            }
        });
        List<Integer> legend = map.legend();
        for (int i = 0; i < legend.size(); i++) {
            labels.add(new VisualLabel(
                    index(GeneratedMap.LEGEND_ROW, i),
                    token(tokenizer, words, GeneratedMap.lineName(legend.get(i))),
                    1));
        }
        return labels;
    }

    private static int index(int row, int column) {
        return row * GeneratedMap.GRID + column;
    }

    private static int token(Tokenizer tokenizer, Map<String, Integer> known, String word) {
        return known.computeIfAbsent(word, w -> {
            var ids = tokenizer.encode(w);
            if (ids.size() != 1) {
                throw new IllegalArgumentException("the tokenizer writes '%s' as %s".formatted(w, ids));
            }
            return ids.get(0);
        });
    }

    private Lookup meeting(Random random) {
        String station = pick(random, List.copyOf(map.network().stations()));
        List<String> through = map.network().linesThrough(station);
        String first = pick(random, through);
        String second = pick(random, through.size() > 1 ? through : lines());
        return first.equals(second) ? answers.linesThrough(station) : answers.meeting(first, second);
    }

    private List<Question> generate(Kind kind) {
        return switch (kind) {
            case TORF1 -> generator.questions(QuestionType.TORF1, QUESTIONS_PER_KIND);
            case TORF2 -> generator.questions(QuestionType.TORF2, QUESTIONS_PER_KIND);
            case COUNTING1 -> generator.questions(QuestionType.COUNTING1, QUESTIONS_PER_KIND);
            case COUNTING2 -> generator.questions(QuestionType.COUNTING2, QUESTIONS_PER_KIND);
            case COUNTING3 -> generator.questions(QuestionType.COUNTING3, 1);
            case DIRECT -> generator.planningQuestions(0, QUESTIONS_PER_KIND);
            case ONE_TRANSFER -> generator.planningQuestions(1, QUESTIONS_PER_KIND);
            case TWO_TRANSFERS -> generator.planningQuestions(2, QUESTIONS_PER_KIND);
            case LINES_THROUGH, STOPS_OF, MEETING -> throw new IllegalArgumentException(kind + " is a look-up");
        };
    }

    private List<String> lines() {
        return List.copyOf(map.network().lines().keySet());
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
