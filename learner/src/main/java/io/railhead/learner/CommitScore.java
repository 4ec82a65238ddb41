package io.railhead.learner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;

/// How good a commit is, for [Retention]: the mean of a metric over the train steps since the commit before. In the
/// checkpoint as `score.json`.
public record CommitScore(String metric, double mean, long steps) {
    static final String NAME = "score.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    /// The steps since the last commit. Not thread-safe.
    static final class Tally {
        private final String metric;
        private double sum;
        private long steps;

        Tally(String metric) {
            this.metric = metric;
        }

        void add(Map<String, Double> metrics) {
            Double value = metrics.get(metric);
            if (value != null && Double.isFinite(value)) {
                sum += value;
                steps++;
            }
        }

        /// Empty if no step had the metric.
        Optional<CommitScore> score() {
            return steps == 0 ? Optional.empty() : Optional.of(new CommitScore(metric, sum / steps, steps));
        }

        /// What was counted until now; this starts anew.
        Tally taken() {
            Tally taken = new Tally(metric);
            taken.putBack(this);
            sum = 0;
            steps = 0;
            return taken;
        }

        /// Counts these steps after all: they were not committed.
        void putBack(Tally taken) {
            sum += taken.sum;
            steps += taken.steps;
        }
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("metric", metric)
                    .put("mean", mean)
                    .put("steps", steps));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always representable", e);
        }
    }

    /// Empty if it is not one: a score is worth no failure.
    static Optional<CommitScore> parse(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            return json != null && json.path("mean").isNumber()
                    ? Optional.of(new CommitScore(
                            json.path("metric").asText(),
                            json.path("mean").asDouble(),
                            json.path("steps").asLong()))
                    : Optional.empty();
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }
}
