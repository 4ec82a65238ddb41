package io.railhead.app.live;

import com.typesafe.config.ConfigException;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.Score;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.app.run.RunDirectory;
import io.railhead.learner.Group;
import io.railhead.learner.LearnerSettings;
import io.railhead.learner.TrainingBatch;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/// The samples of a run's train steps as the page shows them. Thread-safe; one step is looked for at a time.
///
/// Advantages are computed again from rewards and lengths by the run's present settings, which costs nothing; all else
/// is
/// as it was recorded.
final class SampleBook implements AutoCloseable {
    /// Of one answer.
    static final int MOST_TOKENS = 60_000;

    private static final long PICTURE_BYTES = 32L << 20;

    private final Path root;
    private final TokenTexts texts;
    private final Pictures pictures = new Pictures(PICTURE_BYTES);
    private final Semaphore reading = new Semaphore(1);

    /// What a question for a step leads to.
    sealed interface Found {}

    enum Refusal implements Found {
        BUSY,
        NOT_FOUND
    }

    /// @param step the version that was made
    /// @param leftOut groups of it that are not here
    /// @param note what the reader has to know of the advantages, or nothing
    record Step(long step, String stage, List<GroupView> groups, int leftOut, String note) implements Found {}

    /// @param pictures by their SHA-256
    record GroupView(
            long lease,
            String prompt,
            String kind,
            String difficulty,
            String question,
            List<String> pictures,
            List<SampleView> samples) {}

    /// `tokens`, `logprobs` and `versions` are of one length.
    record SampleView(
            List<String> tokens,
            List<Float> logprobs,
            List<Long> versions,
            String finish,
            String worker,
            double reward,
            boolean correct,
            double weight,
            List<Score.Component> components,
            double advantage) {}

    SampleBook(Path root) {
        this.root = root;
        this.texts = new TokenTexts(root);
    }

    /// @param wanted empty for the newest step
    Found step(Optional<Long> wanted) throws IOException {
        Path events = root.resolve("events");
        if (!Files.isDirectory(events)) {
            return Refusal.NOT_FOUND;
        }
        if (!reading.tryAcquire()) {
            return Refusal.BUSY;
        }
        try {
            return StepSamples.of(events, wanted).<Found>map(this::view).orElse(Refusal.NOT_FOUND);
        } finally {
            reading.release();
        }
    }

    Optional<byte[]> picture(String sha256) {
        return pictures.of(sha256);
    }

    @Override
    public void close() {
        texts.close();
    }

    private Step view(StepSamples step) {
        Optional<TrainingBatch> batch = advantages(step.groups());
        List<GroupView> views = new ArrayList<>();
        int tokens = 0;
        for (int i = 0; i < step.groups().size(); i++) {
            Group group = step.groups().get(i);
            tokens += group.samples().stream()
                    .mapToInt(sample -> sample.rollout().response().size())
                    .sum();
            if (tokens > MOST_TOKENS && !views.isEmpty()) {
                break;
            }
            int at = i;
            views.add(view(group, batch.map(known -> known.items().get(at))));
        }
        int leftOut = step.leftOut() + step.groups().size() - views.size();
        return new Step(step.version().number(), step.stage(), views, leftOut, note(step, batch.isPresent()));
    }

    private static String note(StepSamples step, boolean known) {
        if (!known) {
            return "The settings by which advantages are computed cannot be read.";
        }
        return step.leftOut() == 0 ? "" : "Advantages that depend on the whole batch are of the groups that were read.";
    }

    private GroupView view(Group group, Optional<TrainingBatch.Item> item) {
        Rollout first = group.samples().getFirst().rollout();
        Prompt prompt = first.task().prompt();
        prompt.images().forEach(pictures::put);
        return new GroupView(
                group.lease().ordinal(),
                prompt.id(),
                first.task().kind(),
                first.task().difficulty(),
                prompt.text(),
                prompt.images().stream().map(EncodedImage::sha256).toList(),
                IntStream.range(0, group.samples().size())
                        .mapToObj(i -> view(
                                group.samples().get(i),
                                item.map(known -> known.sequences().get(i).advantage())
                                        .orElse(0.0)))
                        .toList());
    }

    private SampleView view(ScoredRollout sample, double advantage) {
        Rollout rollout = sample.rollout();
        Score score = sample.score();
        float[] logProbs = rollout.response().behaviourLogProbs();
        return new SampleView(
                texts.of(rollout.response()),
                IntStream.range(0, logProbs.length)
                        .mapToObj(t -> Float.isFinite(logProbs[t]) ? logProbs[t] : -Float.MAX_VALUE)
                        .toList(),
                Arrays.stream(rollout.response().behaviourVersions()).boxed().toList(),
                rollout.finishReason().name().toLowerCase(Locale.ROOT),
                rollout.workerId(),
                score.reward(),
                score.correct(),
                score.weight(),
                score.components(),
                Double.isFinite(advantage) ? advantage : 0);
    }

    private Optional<TrainingBatch> advantages(List<Group> groups) {
        try {
            return Optional.of(TrainingBatch.of(
                    groups, LearnerSettings.from(RunDirectory.configOf(root)).credit()));
        } catch (ConfigException | ConfigurationException e) {
            return Optional.empty(); // a run of another version of this program
        }
    }
}
