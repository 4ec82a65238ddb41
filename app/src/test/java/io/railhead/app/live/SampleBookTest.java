package io.railhead.app.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.Task;
import io.railhead.actors.telemetry.EventLog;
import io.railhead.actors.telemetry.RecordedFact;
import io.railhead.actors.telemetry.TelemetrySettings;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.FinishReason;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleBookTest {
    private static final EncodedImage MAP = EncodedImage.of("\u0089PNG".getBytes(StandardCharsets.ISO_8859_1));

    @TempDir
    private Path run;

    private EventLog log;
    private SampleBook book;

    @BeforeEach
    void start() throws IOException {
        String settings = ConfigFactory.load().withOnlyPath("railhead").root().render(ConfigRenderOptions.concise());
        Files.writeString(run.resolve("config.conf"), settings);
        log = EventLog.open(run.resolve("events"), new TelemetrySettings(1 << 20, false, 0));
        book = new SampleBook(run);
    }

    @AfterEach
    void close() throws IOException {
        book.close();
        log.close();
    }

    @Test
    void aStepHasItsGroupsWithAdvantagesScoresAndPictures() throws IOException {
        writeStep(1, 0, 1);
        writeStep(2, 2, 3);

        SampleBook.Step step = (SampleBook.Step) book.step(Optional.of(2L));

        assertThat(step.groups()).extracting(SampleBook.GroupView::lease).containsExactly(2L, 3L);
        SampleBook.GroupView group = step.groups().getFirst();
        assertThat(group.question()).isEqualTo("where?");
        assertThat(group.pictures()).containsExactly(MAP.sha256());
        assertThat(book.picture(MAP.sha256()))
                .hasValueSatisfying(
                        bytes -> assertThat(Pictures.typeOf(bytes).toString()).isEqualTo("image/png"));
        assertThat(group.samples()).hasSize(2);
        assertThat(group.samples().get(1).advantage()).isPositive();
        assertThat(group.samples().get(0).advantage())
                .isEqualTo(-group.samples().get(1).advantage());
        SampleBook.SampleView sample = group.samples().getFirst();
        assertThat(sample.versions()).containsExactly(0L, 1L);
        assertThat(sample.logprobs()).containsExactly(-0.5f, -1f);
        assertThat(sample.tokens()).hasSize(2);
        assertThat(sample.components()).containsExactly(new Score.Component("format", 0.1, "boxed"));
    }

    @Test
    void withoutANumberItIsTheNewestStep() throws IOException {
        writeStep(1, 0);
        writeStep(2, 1);
        assertThat(book.step(Optional.empty()))
                .isInstanceOfSatisfying(
                        SampleBook.Step.class, step -> assertThat(step.step()).isEqualTo(2));
        assertThat(book.step(Optional.of(3L))).isEqualTo(SampleBook.Refusal.NOT_FOUND);
    }

    @Test
    void aStepThatWasUndoneIsNone() throws IOException {
        writeStep(1, 0);
        writeStep(2, 1);
        append(new RunFact.IncarnationBegan(new Incarnation(2), new Incarnation(1), Optional.of(new PolicyVersion(1))));
        assertThat(book.step(Optional.of(2L))).isEqualTo(SampleBook.Refusal.NOT_FOUND);
        assertThat(book.step(Optional.of(1L))).isInstanceOf(SampleBook.Step.class);
    }

    @Test
    void groupsBeyondTheBoundAreCountedAndLeftOut() throws IOException {
        writeStep(1, IntStream.range(0, StepSamples.MOST_GROUPS + 5).toArray());
        SampleBook.Step step = (SampleBook.Step) book.step(Optional.of(1L));
        assertThat(step.groups()).hasSize(StepSamples.MOST_GROUPS);
        assertThat(step.leftOut()).isEqualTo(5);
        assertThat(step.note()).contains("batch");
    }

    @Test
    void picturesAreHeldUpToTheirBytes() {
        Pictures pictures = new Pictures(10);
        EncodedImage first = EncodedImage.of(new byte[] {1, 2, 3, 4, 5, 6});
        EncodedImage second = EncodedImage.of(new byte[] {6, 5, 4, 3, 2, 1});
        pictures.put(first);
        pictures.put(first);
        assertThat(pictures.of(first.sha256())).isPresent();
        pictures.put(second);
        assertThat(pictures.of(first.sha256())).isEmpty();
        assertThat(pictures.of(second.sha256())).isPresent();
    }

    private void writeStep(long version, int... leases) throws IOException {
        for (int lease : leases) {
            append(sample(lease, 0, 0));
            append(sample(lease, 1, 1));
        }
        append(new RunFact.StepFinished(
                new PolicyVersion(version),
                "flat",
                IntStream.of(leases).mapToObj(LeaseId::new).toList(),
                LedgerCounts.ZERO,
                Map.of()));
    }

    private void append(RunFact fact) throws IOException {
        log.append(new RecordedFact(Instant.EPOCH, fact));
    }

    private static RunFact sample(long lease, int index, double reward) {
        return new RunFact.TrajectoryTaken(new ScoredRollout(
                new Rollout(
                        new LeaseId(lease),
                        1,
                        index,
                        "flat",
                        new Task(new Prompt("north", "where?", List.of(MAP)), "planning", "easy", "key"),
                        TokenIds.of(1),
                        SampledTokens.of(TokenIds.of(2, 3), new float[] {-0.5f, -1}, new long[] {0, 1}),
                        "here",
                        FinishReason.STOP,
                        "worker"),
                new Score(reward, reward > 0, 1, List.of(new Score.Component("format", 0.1, "boxed")))));
    }
}
