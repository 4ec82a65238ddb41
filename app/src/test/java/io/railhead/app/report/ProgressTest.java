package io.railhead.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.LedgerCounts;
import io.railhead.actors.protocol.RunFact;
import io.railhead.policy.PolicyVersion;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);

    @Test
    void aPlainLineAStepHasTheRewardAndTheBalancedLedger() {
        new Progress(out, false, 20, clock).accept(step(3));
        assertThat(printed())
                .isEqualTo("step 3/20  counting  reward 0.250  correct 0.500  v3  staleness -  0 tokens/s  0:00  "
                        + "issued 9 = trained 4 + filtered 2 + stale 1 + failed 0 + in flight 2\n");
    }

    @Test
    void aLiveLineIsRewrittenAndOtherNewsStandsOnItsOwn() {
        Progress progress = new Progress(out, true, 20, clock);
        progress.accept(step(1));
        progress.accept(step(2));
        progress.accept(new RunFact.StageAdvanced("a", "b", new PolicyVersion(2), "it is over"));
        progress.accept(step(3));
        progress.finish();
        String shown = printed();
        assertThat(shown)
                .matches("(?s)\\rstep 1/20[^\\n]*\\rstep 2/20[^\\n]*"
                        + "\\rstage a -> b at v2: it is over\\n\\rstep 3/20[^\\n]*\\n");
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static RunFact step(long version) {
        return new RunFact.StepFinished(
                new PolicyVersion(version),
                "counting",
                List.of(new LeaseId(0)),
                new LedgerCounts(9, 4, 2, 1, 0, 2),
                Map.of("sampled/reward", 0.25, "sampled/correct", 0.5));
    }
}
