package io.railhead.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LearnerCommand;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.RewardCommand;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.actors.protocol.StageCommand;
import io.railhead.actors.protocol.Task;
import io.railhead.actors.wire.FrameLimit;
import io.railhead.policy.FinishReason;
import io.railhead.policy.Prompt;
import io.railhead.policy.SampledTokens;
import io.railhead.policy.TokenIds;
import io.railhead.reward.RewardSettings.Isolation;
import io.railhead.reward.RewardSettings.Scorer;
import io.railhead.transit.Difficulty;
import io.railhead.transit.QuestionType;
import io.railhead.transit.answer.AnswerKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RewardScorerTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final RewardSettings SETTINGS = settings(3, 100, Isolation.of(Duration.ofSeconds(20), 2));
    private static final RewardSettings HASTY = settings(3, 2, Isolation.of(Duration.ofMillis(500), 2));

    private final TestProbe<StageCommand> stage = KIT.createTestProbe("stage", StageCommand.class);
    private final TestProbe<LearnerCommand> learner = KIT.createTestProbe("learner", LearnerCommand.class);
    private final BreakableFunction function = new BreakableFunction();

    @AfterEach
    void letGo() {
        function.releaseAll();
    }

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void sendsTheScoreToTheLearner() {
        ActorRef<RewardCommand> scorer = KIT.spawn(
                RewardScorer.create(SETTINGS, SETTINGS.function(), stage.getRef(), learner.getRef(), FrameLimit.NONE));
        Rollout rollout = rollout(1, "p", "\\boxed{3}");

        scorer.tell(new RewardCommand.ScoreRollout(rollout));

        learner.expectMessage(new LearnerCommand.OfferTrajectory(new ScoredRollout(
                rollout,
                SETTINGS.function()
                        .score(Singapore.shortAnswer(QuestionType.COUNTING2, 3, Difficulty.EASY), "\\boxed{3}"))));
    }

    @Test
    void aRolloutThatComesTwiceIsScoredTheSameTwice() {
        ActorRef<RewardCommand> scorer = scorer(SETTINGS);
        Rollout rollout = rollout(1, "p", "four");

        scorer.tell(new RewardCommand.ScoreRollout(rollout));
        scorer.tell(new RewardCommand.ScoreRollout(rollout));

        learner.expectMessage(offer(rollout, 4));
        learner.expectMessage(offer(rollout, 4));
    }

    @Test
    void aFunctionThatHangsCostsOneSampleAndOneDeadline() {
        ActorRef<RewardCommand> scorer = scorer(HASTY);

        scorer.tell(new RewardCommand.ScoreRollout(rollout(1, "p", "hang")));
        scorer.tell(new RewardCommand.ScoreRollout(rollout(2, "q", "four")));

        stage.expectMessage(new StageCommand.SampleFailed(new LeaseId(1), 1, 0, "no score within PT0.5S"));
        learner.expectMessage(offer(rollout(2, "q", "four"), 4));
        function.releaseAll();
        learner.expectNoMessage(Duration.ofMillis(100)); // the late score of the given-up job counts no more
    }

    @Test
    void aFunctionThatThrowsCostsOneSample() {
        ActorRef<RewardCommand> scorer = scorer(SETTINGS);

        scorer.tell(new RewardCommand.ScoreRollout(rollout(1, "p", "crash")));
        scorer.tell(new RewardCommand.ScoreRollout(rollout(2, "q", "overflow")));
        scorer.tell(new RewardCommand.ScoreRollout(rollout(3, "r", "four")));

        stage.expectMessage(new StageCommand.SampleFailed(
                new LeaseId(1), 1, 0, "java.lang.IllegalStateException: cannot score this"));
        stage.expectMessage(new StageCommand.SampleFailed(new LeaseId(2), 1, 0, "java.lang.StackOverflowError"));
        learner.expectMessage(offer(rollout(3, "r", "four"), 4));
    }

    @Test
    void anAnswerKeyThatCannotBeReadFailsTheSample() {
        ActorRef<RewardCommand> scorer = scorer(SETTINGS);
        Rollout good = rollout(1, "p", "four");
        Task bad = new Task(good.task().prompt(), "Counting2", "easy", "{}");

        scorer.tell(new RewardCommand.ScoreRollout(new Rollout(
                good.lease(),
                good.attempt(),
                good.sampleIndex(),
                good.stage(),
                bad,
                good.promptTokens(),
                good.response(),
                good.text(),
                good.finishReason(),
                good.workerId())));

        assertThat(stage.expectMessageClass(StageCommand.SampleFailed.class).cause())
                .contains("answer key: type is null");
    }

    @Test
    void theAnswerKeyOfAPromptIsReadOnceForItsRollouts() {
        Queue<AnswerKey> seen = new ConcurrentLinkedQueue<>();
        RewardFunction watching = (key, response) -> {
            seen.add(key);
            return BreakableFunction.worth(response.length());
        };
        ActorRef<RewardCommand> scorer =
                KIT.spawn(RewardScorer.create(SETTINGS, watching, stage.getRef(), learner.getRef(), FrameLimit.NONE));
        for (String response : List.of("four", "fives")) {
            scorer.tell(new RewardCommand.ScoreRollout(rollout(1, "p", response)));
        }
        learner.receiveSeveralMessages(2);
        assertThat(seen).hasSize(2).allSatisfy(key -> assertThat(key).isSameAs(seen.peek()));
    }

    @Test
    void aPromptThatBreaksTheFunctionTwiceIsQuarantined() {
        ActorRef<RewardCommand> scorer = scorer(SETTINGS);

        for (String response : List.of("crash", "crash", "four")) {
            scorer.tell(new RewardCommand.ScoreRollout(rollout(1, "p", response)));
        }
        scorer.tell(new RewardCommand.ScoreRollout(rollout(2, "q", "four")));

        stage.expectMessageClass(StageCommand.SampleFailed.class);
        stage.expectMessageClass(StageCommand.SampleFailed.class);
        stage.expectMessage(new StageCommand.SampleFailed(
                new LeaseId(1), 1, 0, "prompt p is quarantined: it broke the scoring function before"));
        learner.expectMessage(offer(rollout(2, "q", "four"), 4));
        assertThat(function.calls).hasValue(3);
    }

    @Test
    void aFunctionThatFailsInARowIsLeftAloneForAWhile() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        RewardSettings settings =
                settings(1, 100, new Isolation(Duration.ofSeconds(20), 9, 3, Duration.ofSeconds(10), 16));
        ActorRef<RewardCommand> scorer = KIT.spawn(RewardScorer.create(
                settings,
                function,
                stage.getRef(),
                learner.getRef(),
                FrameLimit.NONE,
                new RewardScorer.Threads(RewardScorer.Threads.OF_ITS_OWN.threads(), now::get)));
        for (int lease = 1; lease <= 4; lease++) {
            scorer.tell(new RewardCommand.ScoreRollout(rollout(lease, "p" + lease, "crash")));
        }
        stage.receiveSeveralMessages(3);
        stage.expectMessage(new StageCommand.SampleFailed(
                new LeaseId(4),
                1,
                0,
                "the scoring function failed 3 times in a row; it is left alone until 1970-01-01T00:00:10Z"));
        assertThat(function.calls).hasValue(3);

        now.set(Instant.EPOCH.plusSeconds(10));
        scorer.tell(new RewardCommand.ScoreRollout(rollout(5, "p5", "four")));
        learner.expectMessage(offer(rollout(5, "p5", "four"), 4));
    }

    @Test
    void threadsThatHangAreBounded() {
        ActorRef<RewardCommand> scorer =
                scorer(settings(1, 100, new Isolation(Duration.ofMillis(200), 9, 99, Duration.ofSeconds(10), 2)));
        for (int lease = 1; lease <= 3; lease++) {
            scorer.tell(new RewardCommand.ScoreRollout(rollout(lease, "p" + lease, "hang")));
        }
        stage.receiveSeveralMessages(2);
        stage.expectMessage(
                new StageCommand.SampleFailed(new LeaseId(3), 1, 0, "2 threads hang in the scoring function"));
    }

    @Test
    void aLyingFunctionCostsItsSamplesOnly() {
        RewardFunction liar = new CheckedReward(new LyingFunction(), 1000);
        ActorRef<RewardCommand> scorer =
                KIT.spawn(RewardScorer.create(SETTINGS, liar, stage.getRef(), learner.getRef(), FrameLimit.NONE));
        for (String lie : List.of("nan", "huge", "heavy", "component", "nothing")) {
            scorer.tell(new RewardCommand.ScoreRollout(rollout(1, lie, lie)));
            assertThat(stage.expectMessageClass(StageCommand.SampleFailed.class).cause())
                    .as(lie)
                    .contains(LyingFunction.COMPLAINTS.get(lie));
        }
        scorer.tell(new RewardCommand.ScoreRollout(rollout(2, "q", "four")));
        learner.expectMessage(offer(rollout(2, "q", "four"), 4));
    }

    @Test
    void aFullQueueRefuses() {
        ActorRef<RewardCommand> scorer = scorer(settings(1, 2, Isolation.of(Duration.ofSeconds(20), 2)));

        for (int lease = 1; lease <= 4; lease++) {
            scorer.tell(new RewardCommand.ScoreRollout(rollout(lease, "p" + lease, "hang")));
        }

        stage.expectMessage(new StageCommand.SampleFailed(new LeaseId(4), 1, 0, "the scorer's queue is full: 2"));
    }

    @Test
    void aScorerThatStopsReportsWhatItHeld() {
        ActorRef<RewardCommand> scorer = scorer(settings(1, 1, Isolation.of(Duration.ofSeconds(20), 2)));
        for (int lease = 1; lease <= 3; lease++) {
            scorer.tell(new RewardCommand.ScoreRollout(rollout(lease, "p" + lease, "hang")));
        }
        // A stop overtakes what is still in the mailbox; the refusal of the last says that the others are in hand.
        stage.expectMessage(new StageCommand.SampleFailed(new LeaseId(3), 1, 0, "the scorer's queue is full: 1"));

        KIT.stop(scorer);

        stage.expectMessage(new StageCommand.SampleFailed(new LeaseId(1), 1, 0, "the scorer stopped"));
        stage.expectMessage(new StageCommand.SampleFailed(new LeaseId(2), 1, 0, "the scorer stopped"));
    }

    @Test
    void theRouterSpreadsPromptsAndLosesNone() {
        ActorRef<RewardCommand> router =
                KIT.spawn(RewardRouter.create(SETTINGS, function, stage.getRef(), learner.getRef(), FrameLimit.NONE));
        Set<LeaseId> expected = new HashSet<>();
        Set<LeaseId> scored = new HashSet<>();

        for (int lease = 0; lease < 200; lease++) {
            expected.add(new LeaseId(lease));
            router.tell(new RewardCommand.ScoreRollout(rollout(lease, "p" + lease, "four")));
            scored.add(learner.expectMessageClass(LearnerCommand.OfferTrajectory.class)
                    .trajectory()
                    .rollout()
                    .lease());
        }

        assertThat(scored).isEqualTo(expected);
    }

    static RewardSettings settings(int workers, int queue, Isolation isolation) {
        return new RewardSettings(
                RewardProfile.RAILHEAD, RewardWeights.DEFAULT, new Scorer.OfProfile(), workers, queue, isolation);
    }

    private ActorRef<RewardCommand> scorer(RewardSettings settings) {
        return KIT.spawn(RewardScorer.create(settings, function, stage.getRef(), learner.getRef(), FrameLimit.NONE));
    }

    private static LearnerCommand offer(Rollout rollout, double reward) {
        return new LearnerCommand.OfferTrajectory(new ScoredRollout(rollout, BreakableFunction.worth(reward)));
    }

    private static Rollout rollout(long lease, String promptId, String text) {
        String key = Singapore.shortAnswer(QuestionType.COUNTING2, 3, Difficulty.EASY)
                .toJson();
        return new Rollout(
                new LeaseId(lease),
                1,
                0,
                "stage",
                new Task(new Prompt(promptId, "how many?", List.of()), "Counting2", "easy", key),
                TokenIds.of(1, 2),
                SampledTokens.EMPTY,
                text,
                FinishReason.STOP,
                "w1");
    }
}
