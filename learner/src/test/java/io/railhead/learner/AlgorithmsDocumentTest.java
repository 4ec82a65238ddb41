package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.learner.objective.Advantages;
import io.railhead.learner.objective.KlEstimator;
import io.railhead.learner.objective.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlgorithmsDocumentTest {
    @ParameterizedTest
    @MethodSource
    void everyChoiceStandsInTheDocument(String name) throws IOException {
        assertThat(Files.readString(root().resolve("docs/algorithms.md"))).contains("`" + name + "`");
    }

    static Stream<String> everyChoiceStandsInTheDocument() {
        Stream<Enum<?>> constants = Stream.of(
                        Advantages.values(), ObjectiveKind.values(), KlEstimator.values(), Rule.values())
                .flatMap(Arrays::stream);
        return Stream.concat(
                LearnerPresets.names().stream(),
                constants.map(
                        constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("learner") ? here.resolveSibling("") : here;
    }
}
