package io.railhead.app.run;

import com.typesafe.config.Config;
import io.railhead.actors.settings.StrictConfig;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.data.HoldOut;
import java.nio.file.Path;
import java.util.List;

/// Where the questions come from (`railhead.data`).
public record DataSettings(
        Source source,
        Path folder,
        HoldOut holdOut,
        int mapsPerDifficulty,
        int questionsPerType,
        List<PlanningForm> planningForms,
        long seed) {
    public enum Source {
        GENERATED,
        FOLDER,
        QUESTIONS
    }

    public static DataSettings from(Config config) {
        return StrictConfig.read(config, "railhead.data", section -> {
            Source source = section.choice("source", Source.class);
            Path folder = section.optional("folder", key -> Path.of(config.getString("railhead.data." + key)))
                    .orElse(Path.of(""));
            if (source != Source.GENERATED && folder.toString().isBlank()) {
                throw section.contradiction("folder", "must name a folder or a file when source is not generated");
            }
            return new DataSettings(
                    source,
                    folder,
                    section.choice("hold-out", HoldOut.class),
                    section.integer("maps-per-difficulty", 1, 1_000_000),
                    section.integer("questions-per-type", 1, 1_000),
                    section.choices("planning-forms", PlanningForm.class),
                    section.longInteger("seed", 0, Long.MAX_VALUE));
        });
    }
}
