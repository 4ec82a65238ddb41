package io.railhead.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.railhead.actors.incarnation.Birth;
import io.railhead.actors.incarnation.FencedException;
import io.railhead.actors.incarnation.Incarnations;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.learner.Checkpoints.Checkpoint;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    Path run;

    @Test
    void whatIsCommittedIsRead() throws Exception {
        Path written = commit(4, "weights");
        assertThat(written).isEqualTo(run.resolve("checkpoints/step-4"));
        assertThat(files(written))
                .containsExactly(
                        "incarnation", "manifest.json", "model/table.bin", "optimizer.safetensors", "state.pb");
        assertThat(Checkpoints.latest(run))
                .isEqualTo(new Checkpoints.Latest(
                        Optional.of(new Checkpoint(new PolicyVersion(4), written, stage(4), Incarnation.NONE)),
                        List.of()));
    }

    @Test
    void runWithoutCheckpointsHasNone() throws Exception {
        assertThat(Checkpoints.latest(run)).isEqualTo(new Checkpoints.Latest(Optional.empty(), List.of()));
    }

    @Test
    void truncatedFileIsSkippedByName() throws Exception {
        commit(1, "good");
        Path damaged = commit(2, "longer weights");
        Files.writeString(damaged.resolve("model/table.bin"), "longer");
        assertSkipped(1, damaged, "model/table.bin has 6 bytes instead of 14");
    }

    @Test
    void changedFileIsSkippedByName() throws Exception {
        commit(1, "good");
        Path damaged = commit(2, "weights");
        Files.writeString(damaged.resolve("model/table.bin"), "Weights");
        assertSkipped(
                1,
                damaged,
                "model/table.bin has SHA-256 %s instead of %s".formatted(sha256("Weights"), sha256("weights")));
    }

    @Test
    void missingFileIsSkippedByName() throws Exception {
        commit(1, "good");
        Path damaged = commit(2, "weights");
        Files.delete(damaged.resolve("optimizer.safetensors"));
        assertSkipped(1, damaged, "optimizer.safetensors is missing");
    }

    @Test
    void missingManifestIsSkipped() throws Exception {
        commit(1, "good");
        Path damaged = commit(2, "weights");
        Files.delete(damaged.resolve("manifest.json"));
        assertSkipped(1, damaged, "manifest.json is missing");
    }

    @Test
    void damagedManifestIsSkipped() throws Exception {
        commit(1, "good");
        Path damaged = commit(2, "weights");
        Files.writeString(damaged.resolve("manifest.json"), "{\"files\": [");
        assertThat(Checkpoints.latest(run).skipped())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessageContaining(damaged + ": manifest.json is damaged"));
        Files.writeString(damaged.resolve("manifest.json"), "{}");
        assertSkipped(1, damaged, "manifest.json does not list state.pb");
    }

    @Test
    void directoryLeftByACrashIsNoCheckpointAndIsCleanedUp() throws Exception {
        commit(1, "good");
        Path leftover = Files.createDirectory(run.resolve("checkpoints/.tmp-step-2"));
        Files.writeString(leftover.resolve("state.pb"), "half");
        assertThat(Checkpoints.latest(run).checkpoint())
                .hasValueSatisfying(c -> assertThat(c.version()).isEqualTo(new PolicyVersion(1)));
        commit(2, "whole");
        assertThat(checkpoints()).containsExactly("step-1", "step-2");
    }

    @Test
    void crashWhileAVersionIsReplacedLeavesTheEarlierOne() throws Exception {
        Path first = commit(2, "weights");
        Path old = run.resolve("checkpoints/.old-step-2");
        Files.move(first, old);
        assertThat(Checkpoints.latest(run).checkpoint())
                .hasValue(new Checkpoint(new PolicyVersion(2), old, stage(2), Incarnation.NONE));
    }

    @Test
    void committingAVersionAgainReplacesIt() throws Exception {
        commit(2, "first");
        Path again = commit(2, "second");
        assertThat(Files.readString(again.resolve("model/table.bin"))).isEqualTo("second");
        assertThat(checkpoints()).containsExactly("step-2");
    }

    @Test
    void failedCommitNamesPathAndCauseAndLeavesTheOneBefore() throws Exception {
        commit(1, "good");
        assertThatThrownBy(() -> Checkpoints.in(run, Retention.last(2)).commit(stage(2), directory -> {
                    Files.writeString(directory.resolve("half"), "...");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(run.resolve("checkpoints/step-2").toString())
                .hasMessageContaining("No space left on device");
        assertThat(checkpoints()).containsExactly("step-1");
    }

    @Test
    void onlyTheNewestAreKept() throws Exception {
        for (int version = 1; version <= 5; version++) {
            commit(version, "weights");
        }
        assertThat(checkpoints()).containsExactly("step-4", "step-5");
    }

    @Test
    void eachRuleKeepsItsOwn() throws Exception {
        Checkpoints checkpoints = Checkpoints.in(run, new Retention(1, 4, 2, "reward/mean"));
        double[] rewards = {0.1, 0.9, 0.2, 0.3, 0.8, 0.4, 0.5};
        for (int version = 1; version <= rewards.length; version++) {
            checkpoints.commit(
                    stage(version),
                    Optional.of(new CommitScore("reward/mean", rewards[version - 1], 1)),
                    directory -> {});
        }
        assertThat(checkpoints()).containsExactly("step-2", "step-4", "step-5", "step-7");
    }

    @Test
    void pruningKeepsTheNewestGoodOneWhateverItsPlace() throws Exception {
        commit(1, "weights");
        commit(2, "weights");
        Files.delete(run.resolve("checkpoints/step-2/manifest.json"));
        assertThat(Checkpoints.prune(run, Retention.last(1), false)).isEmpty();
        commit(3, "weights");
        assertThat(Checkpoints.prune(run, Retention.last(1), true)).containsExactly(run.resolve("checkpoints/step-2"));
        assertThat(checkpoints()).containsExactly("step-3");
    }

    @Test
    void surveyNamesEveryFault() throws Exception {
        commit(1, "good");
        Path damaged = commit(2, "weights");
        Files.writeString(damaged.resolve("model/table.bin"), "Weights");
        Files.delete(damaged.resolve("optimizer.safetensors"));
        assertThat(CheckpointSurvey.of(run, true).checkpoints())
                .extracting(CheckpointSurvey.Found::version, CheckpointSurvey.Found::faults)
                .containsExactly(
                        tuple(new PolicyVersion(1), List.of()),
                        tuple(
                                new PolicyVersion(2),
                                List.of(
                                        "model/table.bin has SHA-256 %s instead of %s"
                                                .formatted(sha256("Weights"), sha256("weights")),
                                        "optimizer.safetensors is missing")));
        assertThat(CheckpointSurvey.of(run, false).checkpoints().getLast().faults())
                .containsExactly("optimizer.safetensors is missing");
    }

    @Test
    void damagedLaterCheckpointDoesNotPushOutAGoodOne() throws Exception {
        Path damaged = commit(20, "weights");
        Files.delete(damaged.resolve("manifest.json"));
        for (int version = 11; version <= 13; version++) {
            commit(version, "weights");
        }
        assertThat(checkpoints()).containsExactly("step-12", "step-13", "step-20");
        assertSkipped(13, damaged, "manifest.json is missing");
    }

    @Test
    void policyGoesOnFromItsCheckpointBitForBit() throws Exception {
        TrainStepScript script = new TrainStepScript();
        TablePolicy straight = new TablePolicy();
        script.train(straight, 0, 4);
        TablePolicy interrupted = new TablePolicy();
        script.train(interrupted, 0, 2);
        Path checkpoint = Checkpoints.in(run, Retention.last(2))
                .commit(stage(2), interrupted::save)
                .directory();
        TablePolicy resumed = new TablePolicy();
        resumed.load(checkpoint);
        script.train(resumed, 2, 4);
        PolicyVersion version = new PolicyVersion(4);
        assertThat(resumed.snapshot(version).sha256())
                .isEqualTo(straight.snapshot(version).sha256());
    }

    @Test
    void aLifeThatIsOverCommitsNothing() throws Exception {
        Incarnations lives = Incarnations.in(run);
        Checkpoints first = begin(lives, Optional.empty());
        commit(first, 1, "first");
        Path tree = run.resolve("checkpoints");
        assertThatThrownBy(() -> first.commit(stage(2), directory -> {
                    Files.writeString(directory.resolve("half"), "...");
                    lives.claim(); // while the files are written
                }))
                .isInstanceOf(FencedException.class);
        assertThat(checkpoints()).containsExactly("step-1");
        assertThat(tree).isDirectoryContaining("glob:**/step-1");
    }

    @Test
    void whatALifeCommittedAfterTheNextOneBeganDoesNotCount() throws Exception {
        Incarnations lives = Incarnations.in(run);
        Checkpoints first = begin(lives, Optional.empty());
        commit(first, 1, "first");
        Path late = commit(first, 3, "late"); // as if it had been frozen just before the rename
        Checkpoint one = Checkpoints.read(run.resolve("checkpoints/step-1"));
        Checkpoints second = begin(lives, Optional.of(one));
        assertThat(second.start().checkpoint()).hasValue(one);
        assertThat(Checkpoints.latest(run)).isEqualTo(new Checkpoints.Latest(Optional.of(one), List.of()));
        Path again = commit(second, 3, "second");
        assertThat(again).isEqualTo(late);
        assertThat(Checkpoints.latest(run).checkpoint())
                .hasValue(new Checkpoint(new PolicyVersion(3), again, stage(3), new Incarnation(2)));
    }

    @Test
    void aLifeDoesNotBeginWithAnotherCommitThanItsOwn() throws Exception {
        Incarnations lives = Incarnations.in(run);
        commit(begin(lives, Optional.empty()), 1, "first");
        Checkpoint one = Checkpoints.read(run.resolve("checkpoints/step-1"));
        Checkpoints second = begin(lives, Optional.of(one));
        Files.delete(one.directory().resolve("manifest.json"));
        assertThatThrownBy(second::start)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("manifest.json is missing");
    }

    private Checkpoints begin(Incarnations lives, Optional<Checkpoint> from) throws IOException {
        Incarnation life = lives.claim();
        Birth birth = from.map(commit -> new Birth(life, commit.maker(), Optional.of(commit.version())))
                .orElseGet(() -> Birth.anew(life));
        lives.begin(birth, "test");
        return Checkpoints.in(run, Retention.last(2)).of(birth, lives.fence(life));
    }

    private void assertSkipped(long good, Path damaged, String fault) throws CheckpointException {
        Checkpoints.Latest latest = Checkpoints.latest(run);
        assertThat(latest.checkpoint())
                .hasValueSatisfying(c -> assertThat(c.version()).isEqualTo(new PolicyVersion(good)));
        assertThat(latest.skipped())
                .singleElement()
                .satisfies(e -> assertThat(e).hasMessage("checkpoint " + damaged + ": " + fault));
    }

    private Path commit(long version, String weights) throws CheckpointException, FencedException {
        return commit(Checkpoints.in(run, Retention.last(2)), version, weights);
    }

    private static Path commit(Checkpoints checkpoints, long version, String weights)
            throws CheckpointException, FencedException {
        Checkpoints.Committed committed = checkpoints.commit(stage(version), directory -> {
            Files.createDirectory(directory.resolve("model"));
            Files.writeString(directory.resolve("model/table.bin"), weights);
            Files.writeString(directory.resolve("optimizer.safetensors"), "moments");
        });
        assertThat(committed.notPruned()).isEmpty();
        return committed.directory();
    }

    static StageSnapshot stage(long version) {
        return new StageSnapshot(
                new PolicyVersion(version),
                new LedgerCounts(5, 5, 0, 0, 0, 0),
                List.of(),
                new StageSnapshot.CurriculumPosition(0, List.of(5L), 5, 0.5),
                5);
    }

    private List<String> checkpoints() throws IOException {
        try (Stream<Path> entries = Files.list(run.resolve("checkpoints"))) {
            return entries.map(p -> p.getFileName().toString())
                    .sorted((a, b) -> a.length() == b.length() ? a.compareTo(b) : a.length() - b.length())
                    .toList();
        }
    }

    private static String sha256(String contents) throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return HexFormat.of().formatHex(digest.digest(contents.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(f -> directory.relativize(f).toString())
                    .sorted()
                    .toList();
        }
    }
}
