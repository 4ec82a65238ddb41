package io.railhead.learner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.railhead.actors.protocol.LeaseId;
import io.railhead.actors.protocol.Rollout;
import io.railhead.actors.protocol.ScoredRollout;
import io.railhead.learner.trouble.Trouble;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Saves the samples of numerical trouble: `troubles/v000012-0-not-finite-loss.jsonl` in the run directory, in a first
/// line what was found, then a line a sample with its tokens and numbers.
///
/// Numbers that are not finite stand as texts (`"NaN"`), since JSON has none.
final class TroubleFiles {
    static final String FOLDER = "troubles";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path run;
    private final int most;

    /// @param most files in the folder; beyond it none is written
    TroubleFiles(Path run, int most) {
        this.run = run;
        this.most = most;
    }

    /// Writes a file, over one of the same name: the same step of an earlier life.
    ///
    /// @return its path relative to the run directory; empty if there are enough of them
    String write(PolicyVersion version, List<Group> batch, Trouble trouble) throws IOException {
        Path folder = Files.createDirectories(run.resolve(FOLDER));
        String name = String.format(
                Locale.ROOT,
                "v%06d-%d-%s.jsonl",
                version.number(),
                trouble.optimiserStep(),
                trouble.kind().label());
        try (Stream<Path> files = Files.list(folder)) {
            if (Files.notExists(folder.resolve(name)) && files.limit(most).count() >= most) {
                return "";
            }
        }
        Map<LeaseId, Group> groups = batch.stream().collect(Collectors.toMap(Group::lease, Function.identity()));
        StringBuilder lines = new StringBuilder(head(version, batch, trouble) + "\n");
        for (Trouble.Offender offender : trouble.samples()) {
            Group group = groups.get(offender.lease());
            if (group != null) {
                lines.append(line(offender, group.samples().get(offender.sampleIndex())))
                        .append('\n');
            }
        }
        Files.writeString(folder.resolve(name), lines);
        return FOLDER + "/" + name;
    }

    private static ObjectNode head(PolicyVersion version, List<Group> batch, Trouble trouble) {
        ObjectNode head = JSON.createObjectNode()
                .put("version", version.number())
                .put("kind", trouble.kind().label())
                .put("action", trouble.action().label())
                .put("optimiser_step", trouble.optimiserStep())
                .put("cause", trouble.cause());
        ArrayNode leases = head.putArray("batch");
        batch.forEach(group -> leases.add(group.lease().ordinal()));
        return head;
    }

    private static ObjectNode line(Trouble.Offender offender, ScoredRollout sample) {
        Rollout rollout = sample.rollout();
        ObjectNode line = JSON.createObjectNode()
                .put("lease", rollout.lease().ordinal())
                .put("sample", rollout.sampleIndex())
                .put("why", offender.why())
                .put("prompt", rollout.task().prompt().id())
                .put("worker", rollout.workerId())
                .put("text", rollout.text());
        line.set("reward", number(sample.score().reward()));
        line.set("advantage", number(offender.advantage()));
        ArrayNode promptTokens = line.putArray("prompt_tokens");
        rollout.promptTokens().stream().forEach(id -> promptTokens.add(id));
        ArrayNode tokens = line.putArray("tokens");
        rollout.response().ids().stream().forEach(id -> tokens.add(id));
        ArrayNode behaviour = line.putArray("behaviour_log_probs");
        for (float logProb : rollout.response().behaviourLogProbs()) {
            behaviour.add(number(logProb));
        }
        ArrayNode versions = line.putArray("behaviour_versions");
        for (long version : rollout.response().behaviourVersions()) {
            versions.add(version);
        }
        ArrayNode logProbs = line.putArray("log_probs");
        offender.logProbs().forEach(logProb -> logProbs.add(number(logProb)));
        return line;
    }

    private static JsonNode number(double number) {
        return Double.isFinite(number) ? DoubleNode.valueOf(number) : TextNode.valueOf(Double.toString(number));
    }
}
