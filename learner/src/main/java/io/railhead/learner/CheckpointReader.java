package io.railhead.learner;

import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.StageSnapshot;
import io.railhead.actors.wire.MalformedMessageException;
import io.railhead.actors.wire.StageCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Reads what is in a checkpoint's directory beside the policy's own files.
final class CheckpointReader {
    static final String STATE = "state.pb";
    static final String INCARNATION = "incarnation";

    private CheckpointReader() {}

    static StageSnapshot stage(Path checkpoint) throws CheckpointException {
        try {
            StageSnapshot stage = StageCodec.fromProto(
                    io.railhead.protos.v1.StageSnapshot.parseFrom(Files.readAllBytes(checkpoint.resolve(STATE))));
            if (stage.version().number() != CheckpointNames.number(checkpoint)) {
                throw new CheckpointException(checkpoint, STATE + " is of version " + stage.version());
            }
            return stage;
        } catch (IOException | MalformedMessageException e) {
            throw new CheckpointException(checkpoint.resolve(STATE), e);
        }
    }

    /// A checkpoint that does not say is from before the run kept a record of its lives.
    static Incarnation maker(Path checkpoint) throws CheckpointException {
        Path file = checkpoint.resolve(INCARNATION);
        try {
            if (!Files.exists(file)) {
                return Incarnation.NONE;
            }
            String text = Files.readString(file).strip();
            if (!text.matches("\\d{1,18}")) {
                throw new CheckpointException(checkpoint, INCARNATION + " is not a number: " + text);
            }
            return new Incarnation(Long.parseLong(text));
        } catch (IOException e) {
            throw new CheckpointException(file, e);
        }
    }

    static Optional<CommitScore> score(Path checkpoint) throws CheckpointException {
        Path file = checkpoint.resolve(CommitScore.NAME);
        try {
            return Files.exists(file) ? CommitScore.parse(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new CheckpointException(file, e);
        }
    }
}
