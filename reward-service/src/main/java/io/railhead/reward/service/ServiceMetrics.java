package io.railhead.reward.service;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/// What the service did, in the text format of Prometheus.
final class ServiceMetrics {
    private static final double[] SECONDS = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};

    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final LongAdder items = new LongAdder();
    private final LongAdder nanoseconds = new LongAdder();
    private final LongAdder[] buckets = new LongAdder[SECONDS.length + 1];
    private final IntSupplier atWork;

    ServiceMetrics(IntSupplier atWork) {
        this.atWork = atWork;
        Arrays.setAll(buckets, _ -> new LongAdder());
    }

    void served(String door, int scored, long nanos) {
        count(door, "ok");
        items.add(scored);
        nanoseconds.add(nanos);
        int bucket = 0;
        while (bucket < SECONDS.length && nanos / 1e9 > SECONDS[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
    }

    void refused(String door, Refusal.Kind kind) {
        count(door, kind.name().toLowerCase(Locale.ROOT));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        head(text, "railhead_reward_requests_total", "counter", "Requests for scores.");
        requests.forEach((labels, count) ->
                text.append("railhead_reward_requests_total{%s} %d\n".formatted(labels, count.sum())));
        head(text, "railhead_reward_items_total", "counter", "Items scored.");
        text.append("railhead_reward_items_total %d\n".formatted(items.sum()));
        head(text, "railhead_reward_requests_at_work", "gauge", "Requests being scored.");
        text.append("railhead_reward_requests_at_work %d\n".formatted(atWork.getAsInt()));
        head(text, "railhead_reward_seconds", "histogram", "Time from a request's arrival to its scores.");
        long below = 0;
        for (int i = 0; i < SECONDS.length; i++) {
            below += buckets[i].sum();
            text.append("railhead_reward_seconds_bucket{le=\"%s\"} %d\n".formatted(SECONDS[i], below));
        }
        below += buckets[SECONDS.length].sum();
        return text.append("railhead_reward_seconds_bucket{le=\"+Inf\"} %d\n".formatted(below))
                .append("railhead_reward_seconds_sum %s\n".formatted(nanoseconds.sum() / 1e9))
                .append("railhead_reward_seconds_count %d\n".formatted(below))
                .toString();
    }

    private void count(String door, String outcome) {
        requests.computeIfAbsent("door=\"%s\",outcome=\"%s\"".formatted(door, outcome), _ -> new LongAdder())
                .increment();
    }

    private static void head(StringBuilder text, String name, String type, String help) {
        text.append("# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type));
    }
}
