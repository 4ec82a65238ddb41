package io.railhead.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page in a real browser, on a run of four hundred made-up steps. What it looks like is left in
/// `target/live-page`.
@Tag("browser")
class LivePageBrowserTest {
    private static final Path PICTURES = Path.of("target/live-page");

    @TempDir
    private static Path temp;

    private static ServedPage served;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        for (String name : new String[] {"this-run", "that-run"}) {
            Path run = Files.createDirectories(temp.resolve("runs").resolve(name));
            Files.writeString(run.resolve("config.conf"), "railhead {}");
            Files.writeString(run.resolve("metrics.jsonl"), steps(name.equals("this-run") ? 1 : 0.7));
        }
        String status = Files.readString(Path.of("src/test/resources/io/railhead/app/live/status.json"));
        served = ServedPage.of(Optional.of(temp.resolve("runs/this-run")), 8, () -> status);
        browser = Browser.open(
                Browser.installed().orElseThrow(() -> new IllegalStateException("no Chromium on this machine")),
                Files.createDirectories(temp.resolve("profile")));
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        served.close();
    }

    @Test
    void drawsCurvesClusterAndCurriculumInLightAndDark() throws Exception {
        for (boolean dark : new boolean[] {false, true}) {
            browser.show(page("/"), 1300, 900, dark);
            assertThat(browser.becomes("document.querySelectorAll('.plot path').length >= 24"))
                    .isTrue();
            assertThat(browser.becomes("document.querySelectorAll('#nodes tr').length >= 3"))
                    .isTrue();
            assertThat(browser.value("document.querySelectorAll('.plot')[0].querySelectorAll('line.stage').length")
                            .asInt())
                    .isEqualTo(2);
            assertThat(browser.value("document.getElementById('waits').innerText")
                            .asText())
                    .contains("learner");
            browser.picture(PICTURES.resolve(dark ? "dark.png" : "light.png"));
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void fitsANarrowWindow() throws Exception {
        browser.show(page("/"), 360, 740, false);
        assertThat(browser.becomes("document.querySelectorAll('.plot path').length >= 24"))
                .isTrue();
        assertThat(browser.becomes("document.querySelectorAll('#nodes tr').length >= 3"))
                .isTrue();
        assertThat(browser.value("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(360);
        browser.picture(PICTURES.resolve("narrow.png"));
    }

    @Test
    void aCurveIsReadWithTheKeyboard() throws Exception {
        browser.show(page("/"), 1000, 800, false);
        assertThat(browser.becomes("document.querySelectorAll('.plot path').length >= 24"))
                .isTrue();
        browser.value("document.querySelector('.plot svg').focus()");
        browser.type("Home");
        browser.type("ArrowRight");
        assertThat(browser.value("document.querySelector('.plot .now').textContent")
                        .asText())
                .startsWith("step 2: ");
    }

    @Test
    void laysAnotherRunOver() throws Exception {
        browser.show(page("/?compare=that-run"), 1300, 900, false);
        assertThat(browser.becomes("document.querySelectorAll('path.other').length >= 12"))
                .isTrue();
        browser.picture(PICTURES.resolve("compared.png"));
        assertThat(browser.complaints()).isEmpty();
    }

    private static URI page(String path) {
        return served.address().resolve(path);
    }

    /// @param share how far the curves come of where they could
    private static String steps(double share) {
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= 400; step++) {
            double way = share * (1 - Math.exp(-step / 120.0)) + 0.05 * Math.sin(step * 1.7);
            lines.append(String.format(
                    Locale.ROOT,
                    "{\"version\":%d,\"time\":\"2026-01-01T00:%02d:%02dZ\",\"stage\":\"%s\",\"reward/mean\":%.4f,"
                            + "\"sampled/reward\":%.4f,\"reward/correct-share\":%.4f,\"sampled/correct\":%.4f,"
                            + "\"loss/total\":%.5f,\"loss/kl\":%.5f,\"kl/mismatch\":%.5f,"
                            + "\"policy/effective-sample-fraction\":%.4f,\"staleness/mean\":%.3f,\"staleness/max\":%d,"
                            + "\"response/mean-tokens\":%.2f,\"response/max-tokens\":%d,\"policy/entropy\":%.4f,"
                            + "\"optim/gradient-norm\":%.4f,\"batch/response-tokens\":%d,\"time/train-seconds\":%.3f,"
                            + "\"curriculum/mastery\":%.4f}%n",
                    step,
                    step * 3 / 60,
                    step * 3 % 60,
                    step < 150 ? "judging" : "counting",
                    way,
                    way - 0.08,
                    way / 1.2,
                    way / 1.3,
                    -0.2 * way,
                    0.02 * way,
                    0.004 + 0.002 * Math.sin(step),
                    0.95 - 0.1 * way,
                    0.5 + 0.4 * Math.sin(step / 9.0),
                    step % 3,
                    20 - 9 * way,
                    40 - step % 11,
                    1.2 - way,
                    0.5 + 0.1 * Math.cos(step * 2.3),
                    1200 + step,
                    1.1 + 0.3 * Math.sin(step / 5.0),
                    way));
        }
        return lines.toString();
    }
}
