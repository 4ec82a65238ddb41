package io.railhead.app.trackers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MlflowTrackerTest {
    private MlflowServer server;

    @BeforeEach
    void start() throws IOException {
        server = MlflowServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRunIsMadeInItsExperimentWithItsSettings() throws IOException {
        try (MlflowTracker tracker = tracker()) {
            assertThat(tracker.open()).isZero();
        }
        assertThat(server.experiments()).containsExactly("maps");
        assertThat(server.names()).containsExactly("mine");
        assertThat(server.params()).containsEntry("stage.steps", "60").containsEntry("data.cities", "x".repeat(500));
    }

    @Test
    void everyValueArrivesWithItsStepAndTime() throws IOException {
        try (MlflowTracker tracker = tracker()) {
            tracker.open();
            tracker.add(Lines.steps(1, 700)); // two values each: two requests
            tracker.end(Tracker.Ending.FINISHED);
        }
        assertThat(server.metric("reward/mean")).hasSize(700).containsEntry(700L, 700.0);
        assertThat(server.metric("loss/total")).hasSize(700);
        assertThat(server.largestBatch()).isLessThanOrEqualTo(1000);
        assertThat(server.status()).isEqualTo("FINISHED");
    }

    @Test
    void theRunIsFoundAgainAndGoesOnAfterItsNewestStep() throws IOException {
        try (MlflowTracker first = tracker()) {
            first.open();
            first.add(Lines.steps(1, 3));
        }
        try (MlflowTracker second = tracker()) {
            assertThat(second.open()).isEqualTo(3);
        }
        assertThat(server.names()).hasSize(1);
    }

    @Test
    void aServerThatDoesNotAnswerIsWaitedForNoLongerThanTheTimeout() {
        server.hang();
        try (MlflowTracker tracker = new MlflowTracker(
                new TrackerSettings.Mlflow(server.uri(), "maps", Duration.ofMillis(200)), run(), Map.of(), Map.of())) {
            assertThatThrownBy(tracker::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(server.uri().toString())
                    .hasMessageContaining("PT0.2S");
        }
    }

    @Test
    void whatTheServerRefusesIsSaid() {
        server.refuse("the metric store is full");
        try (MlflowTracker tracker = tracker()) {
            assertThatThrownBy(tracker::open)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the metric store is full");
        }
    }

    private MlflowTracker tracker() {
        return new MlflowTracker(
                new TrackerSettings.Mlflow(server.uri(), "maps", Duration.ofSeconds(20)),
                run(),
                Map.of("stage.steps", "60", "data.cities", "x".repeat(600)),
                Map.of("MLFLOW_TRACKING_TOKEN", "secret"));
    }

    private static TrackedRun run() {
        return new TrackedRun("mine", "abcd1234", Lines.START);
    }
}
