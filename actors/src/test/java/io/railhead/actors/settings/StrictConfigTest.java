package io.railhead.actors.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StrictConfigTest {
    enum SwapRule {
        KEEP_CACHE,
        RECOMPUTE
    }

    record Inner(String name, List<Integer> sizes) {
        static Inner from(StrictConfig section) {
            return new Inner(section.text("name"), section.integers("sizes", 1, 9));
        }
    }

    record Everything(
            int slots,
            long seed,
            double rate,
            boolean enabled,
            Duration pause,
            long frame,
            SwapRule rule,
            List<String> names,
            List<SwapRule> rules,
            List<Double> rates,
            Optional<String> path,
            Optional<String> absent,
            Inner inner,
            List<Inner> list) {}

    private static final String WHOLE = """
            railhead.area {
              slots = 8, seed = -9223372036854775808, rate = 0.5, enabled = on, pause = 1500ms, frame = 2 MiB
              rule = keep-cache, names = [a, b], rules = [recompute], rates = [1, 2.5], path = null
              inner { name = x, sizes = [1, 2] }
              list = [{ name = y, sizes = [] }]
            }
            """;

    private static Everything everything(Config config) {
        return StrictConfig.read(
                config,
                "railhead.area",
                s -> new Everything(
                        s.integer("slots", 1, 64),
                        s.longInteger("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                        s.number("rate", 0, 1),
                        s.flag("enabled"),
                        s.duration("pause", Duration.ofSeconds(1), Duration.ofSeconds(9)),
                        s.bytes("frame", 1, 1 << 30),
                        s.choice("rule", SwapRule.class),
                        s.texts("names"),
                        s.choices("rules", SwapRule.class),
                        s.numbers("rates", 0, 10),
                        s.optional("path", s::text),
                        s.optional("absent", s::text),
                        s.section("inner", Inner::from),
                        s.sections("list", Inner::from)));
    }

    @Test
    void readsEveryTypeOfValue() {
        assertThat(everything(ConfigFactory.parseString(WHOLE)))
                .isEqualTo(new Everything(
                        8,
                        Long.MIN_VALUE,
                        0.5,
                        true,
                        Duration.ofMillis(1500),
                        2 << 20,
                        SwapRule.KEEP_CACHE,
                        List.of("a", "b"),
                        List.of(SwapRule.RECOMPUTE),
                        List.of(1.0, 2.5),
                        Optional.empty(),
                        Optional.empty(),
                        new Inner("x", List.of(1, 2)),
                        List.of(new Inner("y", List.of()))));
    }

    @Test
    void unknownKeyNamesTheNearestKnownOne() {
        assertMessage(
                WHOLE + "railhead.area.slts = 3",
                "unknown key railhead.area.slts; did you mean" + " railhead.area.slots?");
    }

    @Test
    void unknownKeyFarFromAllListsTheKnownOnes() {
        assertThatThrownBy(() -> StrictConfig.read(
                        ConfigFactory.parseString("a { b = 1, temperature = 2 }"), "a", s -> s.integer("b", 0, 9)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("unknown key a.temperature; known here: b");
    }

    @Test
    void unknownKeyOfAnInnerSectionOrAListItemIsNamedByItsPath() {
        assertMessage(
                WHOLE + "railhead.area.inner.nam = 3",
                "unknown key railhead.area.inner.nam; did you mean" + " railhead.area.inner.name?");
        assertMessage(
                WHOLE + "railhead.area.list = [{ name = y, sizes = [], z = 1 }]",
                "unknown key railhead.area.list[0].z; known here: name, sizes");
    }

    @Test
    void badValueNamesKeyValueAndWhatIsAllowed() {
        assertBad("slots = 65", "railhead.area.slots = 65 must be a whole number from 1 to 64");
        assertBad("slots = 3.7", "railhead.area.slots = 3.7 must be a whole number from 1 to 64");
        assertBad("slots = many", "railhead.area.slots = \"many\" must be a whole number from 1 to 64");
        assertBad("rate = -0.1", "railhead.area.rate = -0.1 must be a number from 0.0 to 1.0");
        assertBad("rate = NaN", "railhead.area.rate = \"NaN\" must be a number from 0.0 to 1.0");
        assertBad("enabled = 1", "railhead.area.enabled = 1 must be true or false");
        assertBad("pause = 10s", "railhead.area.pause = \"10s\" must be a duration from 1s to 9s");
        assertBad("pause = soon", "railhead.area.pause = \"soon\" must be a duration from 1s to 9s");
        assertBad("frame = 0", "railhead.area.frame = 0 must be a size from 1 to 1073741824 bytes");
        assertBad("rule = keep", "railhead.area.rule = \"keep\" must be one of keep-cache, recompute");
        assertBad("names = a", "railhead.area.names = \"a\" must be a list of texts");
        assertBad("names = [a, \"\"]", "railhead.area.names[1] = \"\" must be a text that is not empty");
        assertBad("inner.sizes = [1, 10]", "railhead.area.inner.sizes[1] = 10 must be a whole number from 1 to 9");
        assertBad("inner = 1", "railhead.area.inner = 1 must be a section");
        assertBad("inner.name = null", "railhead.area.inner.name is missing: it must be a text that is not empty");
    }

    @Test
    void errorNamesFileAndLine() {
        Config config = ConfigFactory.parseResources(
                StrictConfigTest.class,
                "bad.conf",
                ConfigParseOptions.defaults().setAllowMissing(false));
        assertThatThrownBy(() -> StrictConfig.read(config, "railhead.area", s -> s.integer("slots", 1, 64)))
                .hasMessageMatching("railhead\\.area\\.slots = 0 must be .* \\(.*bad\\.conf:3\\)");
    }

    @Test
    void missingSectionIsNamed() {
        assertThatThrownBy(() -> everything(ConfigFactory.empty()))
                .hasMessage("railhead.area is missing: it must be a section");
    }

    @Test
    void checkOfTheSettingsRecordIsReportedWithTheSection() {
        Function<StrictConfig, Object> reader = s -> {
            throw new IllegalArgumentException("a < b, but a = " + s.integer("a", 0, 9));
        };
        assertThatThrownBy(() -> StrictConfig.read(ConfigFactory.parseString("x.a = 3"), "x", reader))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("x: a < b, but a = 3");
    }

    @Test
    void areasThatNobodyKnowsAreRejected() {
        Config config = ConfigFactory.parseString("railhead { rollout {}, lerner {} }");
        assertThatThrownBy(() -> StrictConfig.requireKnown(config, "railhead", List.of("rollout", "learner")))
                .hasMessage("unknown key railhead.lerner; did you mean railhead.learner?");
    }

    private static void assertBad(String override, String message) {
        assertMessage(WHOLE + "railhead.area { " + override + " }", message);
    }

    private static void assertMessage(String text, String message) {
        assertThatThrownBy(() -> everything(ConfigFactory.parseString(text)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(message);
    }
}
