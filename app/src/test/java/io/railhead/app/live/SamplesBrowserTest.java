package io.railhead.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.app.CommandRun;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The samples of real runs of the embedded model in a real browser, and the report that a run ends with. What they
/// look
/// like is left in `target/live-page`.
@Tag("browser")
class SamplesBrowserTest {
    private static final Path PICTURES = Path.of("target/live-page");
    private static final String LOADED = "document.querySelectorAll('.sample .tokens span').length > 0";

    @TempDir
    private static Path temp;

    private static ServedPage maps;
    private static ServedPage texts;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.open(
                Browser.installed().orElseThrow(() -> new IllegalStateException("no Chromium on this machine")),
                Files.createDirectories(temp.resolve("profile")));
        train("maps", List.of("--steps", "3"));
        Path letters = temp.resolve("letters.jsonl");
        Files.write(
                letters,
                IntStream.range(0, 40)
                        .mapToObj("{\"id\":%1$d,\"prompt\":\"Say %1$d.\",\"answer\":\"%1$d\"}"::formatted)
                        .toList());
        train(
                "letters",
                List.of("--steps", "3", "--data", "questions:" + letters, "--set", "stage.sampling.max-tokens=6"));
        String status = Files.readString(Path.of("src/test/resources/io/railhead/app/live/status.json"));
        maps = ServedPage.of(Optional.of(run("maps")), 8, () -> status);
        texts = ServedPage.of(Optional.of(run("letters")), 8, () -> status);
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        maps.close();
        texts.close();
    }

    @Test
    void aSampleHasItsMapItsTokensItsScoreAndItsAdvantage() throws Exception {
        for (boolean dark : new boolean[] {false, true}) {
            browser.show(page(maps), 1300, 900, dark);
            assertThat(browser.becomes(LOADED)).isTrue();
            assertThat(browser.becomes("[...document.querySelectorAll('#shown img')].length == 1"
                            + " && document.querySelector('#shown img').naturalWidth > 50"))
                    .isTrue();
            assertThat(number("document.querySelectorAll('.sample').length"))
                    .isEqualTo(number("document.querySelectorAll('.advantages button').length"))
                    .isEqualTo(8);
            assertThat(text("document.querySelector('.sample').innerText"))
                    .contains("component", "correctness", "weight of the question", "reward", "advantage");
            assertThat(text("document.querySelector('.tokens span').title")).matches("-?[0-9.]+ by v[0-9]+");
            browser.picture(PICTURES.resolve(dark ? "samples-dark.png" : "samples.png"));
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void tokensAreColouredByWhatIsChosen() throws Exception {
        browser.show(page(maps), 1300, 900, false);
        assertThat(browser.becomes(LOADED)).isTrue();
        String byLogProb = colours();
        browser.value("document.querySelector('[value=version]').click()");
        assertThat(colours()).isNotEqualTo(byLogProb);
        browser.picture(PICTURES.resolve("samples-by-version.png"));
    }

    @Test
    void stepsGroupsAndSamplesAreReachedWithTheKeyboard() throws Exception {
        browser.show(page(maps), 1300, 900, false);
        assertThat(browser.becomes(LOADED)).isTrue();
        browser.value("document.getElementById('earlier').focus()");
        browser.type("Enter");
        assertThat(browser.becomes("document.getElementById('step').value == '2'"))
                .isTrue();
        browser.value("document.getElementById('group').focus()");
        browser.type("ArrowDown");
        assertThat(browser.becomes("document.getElementById('group').value == '1'"))
                .isTrue();
        browser.value("document.querySelectorAll('.advantages button')[3].focus()");
        browser.type("Enter");
        assertThat(browser.becomes("document.activeElement.id == 'sample-3'")).isTrue();
    }

    @Test
    void samplesFitANarrowWindow() throws Exception {
        browser.show(page(maps), 360, 740, false);
        assertThat(browser.becomes(LOADED)).isTrue();
        assertThat(number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
        browser.picture(PICTURES.resolve("samples-narrow.png"));
    }

    @Test
    void aTaskWithoutPicturesHasItsSamplesToo() throws Exception {
        browser.show(page(texts), 1300, 900, false);
        assertThat(browser.becomes(LOADED)).isTrue();
        assertThat(number("document.querySelectorAll('#shown img').length")).isZero();
        assertThat(text("document.querySelector('.question').innerText")).startsWith("Say ");
        browser.picture(PICTURES.resolve("samples-text.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void theReportShowsCurvesSamplesAndLedger() throws Exception {
        for (boolean dark : new boolean[] {false, true}) {
            browser.show(run("maps").resolve("report.html").toUri(), 1100, 900, dark);
            assertThat(browser.becomes("document.querySelectorAll('svg polyline').length > 0"))
                    .isTrue();
            assertThat(browser.becomes("[...document.images].every(image => image.naturalWidth > 0)"))
                    .isTrue();
            assertThat(text("document.body.innerText")).contains("Ledger");
            browser.picture(PICTURES.resolve(dark ? "report-dark.png" : "report.png"));
        }
        browser.show(run("maps").resolve("report.html").toUri(), 360, 740, false);
        assertThat(browser.becomes("document.querySelectorAll('svg polyline').length > 0"))
                .isTrue();
        assertThat(number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(360);
        browser.picture(PICTURES.resolve("report-narrow.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    private static void train(String name, List<String> further) {
        List<String> arguments =
                new ArrayList<>(List.of("train", "--run-dir", run(name).toString(), "--json"));
        for (String setting : List.of(
                "stage.groups-per-step=4",
                "stage.group-size=8",
                "stage.filter-zero-variance=false",
                "policy.slots=32",
                "data.maps-per-difficulty=2",
                "eval.questions=12")) {
            arguments.addAll(List.of("--set", setting));
        }
        arguments.addAll(further);
        CommandRun trained = CommandRun.of(arguments.toArray(String[]::new));
        assertThat(trained.status()).as(trained.err()).isZero();
    }

    private static Path run(String name) {
        return temp.resolve("runs").resolve(name);
    }

    private static URI page(ServedPage served) {
        return served.address().resolve("/?step=3");
    }

    private static String colours() throws Exception {
        return text("[...document.querySelectorAll('.tokens span')].map(s => s.style.backgroundColor).join()");
    }

    private static int number(String expression) throws Exception {
        return browser.value(expression).asInt();
    }

    private static String text(String expression) throws Exception {
        return browser.value(expression).asText();
    }
}
