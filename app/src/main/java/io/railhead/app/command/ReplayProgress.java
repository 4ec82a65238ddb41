package io.railhead.app.command;

import io.railhead.app.replay.Recorded;
import io.railhead.policy.PolicyVersion;
import java.io.PrintStream;
import java.util.function.Consumer;

/// Shows how far a replay has come: one line that is rewritten on a screen, otherwise a line a
/// quarter.
final class ReplayProgress implements Consumer<Recorded.Step> {
    private static final int PARTS = 4;

    private final PrintStream out;
    private final boolean live;
    private final long steps;

    ReplayProgress(PrintStream out, boolean live, PolicyVersion last) {
        this.out = out;
        this.live = live;
        this.steps = last.number();
    }

    @Override
    public void accept(Recorded.Step step) {
        long done = step.version().number();
        String line = "replayed step %d of %d".formatted(done, steps);
        if (live) {
            out.print("\r" + line);
            out.flush();
        } else if (done * PARTS / steps > (done - 1) * PARTS / steps) {
            out.println(line);
        }
    }

    void finish() {
        if (live) {
            out.println();
        }
    }
}
