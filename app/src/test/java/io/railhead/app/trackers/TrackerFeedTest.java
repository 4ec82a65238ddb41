package io.railhead.app.trackers;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.app.live.MetricsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TrackerFeedTest {
    private static final Duration PATIENT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final NotingTracker tracker = new NotingTracker();

    @Test
    void allStepsOfTheFileArriveInOrderBeforeTheEnd() throws IOException {
        Lines.write(metrics(), 1_200); // more than a page
        TrackerFeed feed = feed(PATIENT);
        feed.ended(Tracker.Ending.FINISHED);
        feed.close();

        assertThat(tracker.versions()).isEqualTo(upTo(1_200));
        assertThat(tracker.ending()).contains(Tracker.Ending.FINISHED);
        assertThat(tracker.isOpen()).isFalse();
    }

    @Test
    void aTrackerIsNotGivenWhatItHas() throws IOException {
        Lines.write(metrics(), 5);
        tracker.has(3);
        feed(PATIENT).close();

        assertThat(tracker.versions()).isEqualTo(upTo(5));
        assertThat(tracker.given()).containsExactly(4L, 5L);
    }

    @Test
    void anOutageLosesNothing() throws IOException {
        Lines.write(metrics(), 4);
        tracker.failNext(2);
        TrackerFeed feed = feed(PATIENT);
        feed.woken();
        feed.close();

        assertThat(tracker.versions()).isEqualTo(upTo(4));
        assertThat(tracker.opened()).isEqualTo(3);
    }

    @Test
    void whatDidNotHappenIsTakenBackAndWhatDidIsGiven() throws Exception {
        Lines.write(metrics(), 6);
        TrackerFeed feed = feed(PATIENT);
        feed.woken();
        tracker.awaitVersion(6);
        Lines.write(metrics(), 4); // cut off at 3, then a step
        feed.wentBack(3);
        feed.close();

        assertThat(tracker.versions()).isEqualTo(upTo(4));
        assertThat(tracker.rewoundTo()).isEqualTo(3);
    }

    @Test
    void closingWaitsNoLongerThanItsDeadline() throws IOException {
        Lines.write(metrics(), 1);
        tracker.hang();
        TrackerFeed feed = feed(Duration.ofMillis(50));
        feed.close();

        assertThat(tracker.versions()).isEmpty();
    }

    @Test
    void aRunWithoutAStepLeavesNothing() {
        feed(PATIENT).close();

        assertThat(tracker.opened()).isZero();
    }

    private TrackerFeed feed(Duration closeTimeout) {
        return new TrackerFeed(tracker, new MetricsFile(metrics(), Clock.systemUTC()), closeTimeout).start();
    }

    private Path metrics() {
        return directory.resolve("metrics.jsonl");
    }

    private static List<Long> upTo(long version) {
        return LongStream.rangeClosed(1, version).boxed().toList();
    }
}
