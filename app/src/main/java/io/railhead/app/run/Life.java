package io.railhead.app.run;

import io.railhead.actors.incarnation.Birth;
import io.railhead.actors.incarnation.Fence;
import io.railhead.actors.incarnation.Incarnations;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.RunFact;
import io.railhead.learner.Checkpoints.Checkpoint;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// A life of the run's head, as a node takes part in it.
///
/// @param birth what it goes on from
/// @param fence lets it write until the next one begins
public record Life(Birth birth, Fence fence) {
    /// A life that goes on from a commit, in a directory that nobody else works on.
    public static Life begin(Path runDirectory, Optional<Checkpoint> from, String who) throws IOException {
        Incarnations lives = Incarnations.in(runDirectory);
        return begun(lives, lives.claim(), from, who);
    }

    /// A claimed life goes on from a commit.
    static Life begun(Incarnations lives, Incarnation claimed, Optional<Checkpoint> from, String who)
            throws IOException {
        Birth birth = from.map(checkpoint -> new Birth(claimed, checkpoint.maker(), Optional.of(checkpoint.version())))
                .orElseGet(() -> Birth.anew(claimed));
        lives.begin(birth, who);
        return new Life(birth, lives.fence(claimed));
    }

    public Incarnation incarnation() {
        return birth.incarnation();
    }

    public Optional<PolicyVersion> from() {
        return birth.from();
    }

    public RunFact began() {
        return new RunFact.IncarnationBegan(birth.incarnation(), birth.parent(), birth.from());
    }
}
