package io.railhead.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.actors.protocol.StageCommand.RunEnded;
import io.railhead.learner.CheckpointException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultyRewardTest {
    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(classes = {FaultyReward.Killed.class, FaultyReward.Hung.class, FaultyReward.Lying.class})
    void leavesATrainingRunUnharmed(Class<?> function) throws IOException, CheckpointException, InterruptedException {
        SmallRun run = SmallRun.of(
                RandomModel.in(temp.resolve("model"), 3),
                temp.resolve("run"),
                Map.of("reward.function", function.getName(), "reward.deadline", "300ms", "stage.steps", 3));
        List<RunFact> facts = Collections.synchronizedList(new ArrayList<>());
        RunEnded end = EmbeddedRun.run(
                NodeParts.embedded(run.plan(), run.directory(), Optional.empty(), facts::add),
                new StopRequest(),
                _ -> {});

        assertThat(end.outcome()).as(end.cause()).isEqualTo(RunEnded.Outcome.FINISHED);
        LedgerCounts ledger = end.ledger();
        assertThat(ledger.trained()).isEqualTo(6);
        assertThat(ledger.issued())
                .isEqualTo(ledger.trained() + ledger.filtered() + ledger.stale() + ledger.failed() + ledger.inFlight());
        assertThat(facts.stream()
                        .filter(RunFact.TrajectoryTaken.class::isInstance)
                        .map(fact -> ((RunFact.TrajectoryTaken) fact)
                                .trajectory()
                                .score()
                                .reward()))
                .isNotEmpty()
                .allMatch(reward -> reward < 1e6);
    }
}
