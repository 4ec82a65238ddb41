package io.railhead.app.supervised;

import io.railhead.actors.settings.ConfigurationException;
import io.railhead.app.run.AnswerStyle;
import io.railhead.app.run.DataSettings;
import io.railhead.app.run.Item;
import io.railhead.transit.Question;
import io.railhead.transit.answer.LookFirst;
import io.railhead.transit.data.GeneratedTasks;
import io.railhead.transit.data.Split;
import io.railhead.transit.map.GeneratedMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// The right response to each question, in the style that was asked for.
final class ReferenceAnswers {
    private ReferenceAnswers() {}

    /// @throws ConfigurationException if this style cannot be written about this data
    static Function<Item, String> of(AnswerStyle style, DataSettings data) {
        return switch (style) {
            case ANSWER -> Item::reference;
            case LOOK_FIRST -> lookFirst(data);
        };
    }

    private static Function<Item, String> lookFirst(DataSettings data) {
        if (data.source() != DataSettings.Source.GENERATED) {
            throw new ConfigurationException("railhead.supervised.responses = look-first is for railhead.data.source ="
                    + " generated: only there it is known what each picture shows");
        }
        Map<String, LookFirst> byMap = new HashMap<>();
        for (GeneratedMap map : GeneratedTasks.maps(data.seed(), data.mapsPerDifficulty(), Split.TRAIN)) {
            byMap.put(map.network().city(), new LookFirst(map.network()));
        }
        return item -> {
            Question question = item.requireMap("look-first").question();
            LookFirst writer = byMap.get(question.city());
            if (writer == null) {
                throw new IllegalStateException("no map " + question.city() + " among those generated");
            }
            return writer.response(question);
        };
    }
}
