package io.railhead.actors.stage;

import io.railhead.actors.protocol.LeaseId;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// A run's rules and what can happen to it. Groups of one sample; a step of two groups unless a test says otherwise.
abstract class StageFixture {
    static final PolicyVersion V0 = PolicyVersion.BASE;
    static final PolicyVersion V1 = V0.next();
    static final PolicyVersion V2 = V1.next();
    static final Instant NOW = Instant.EPOCH;

    StageState state = start();
    List<StageEffect> effects = List.of();

    static StageState start(String... more) {
        List<String> lines = new ArrayList<>(List.of(
                "steps = 10",
                "groups-per-step = 2",
                "group-size = 1",
                "max-staleness = 1",
                "lease-timeout = 10s",
                "stall-timeout = 1m",
                "checkpoint-every = 5"));
        lines.addAll(Arrays.asList(more));
        return StageState.start(
                Settings.of(lines.toArray(String[]::new)), Prompts.of(50, "a").catalogue(), NOW);
    }

    void on(Function<StageState, Transition> event) {
        Transition transition = event.apply(state);
        state = transition.next();
        effects = transition.effects();
    }

    void ask(PolicyVersion serving, int free) {
        on(s -> s.onRequestLeases("w", serving, free, NOW));
    }

    void ready(long... leases) {
        for (long lease : leases) {
            on(s -> s.onGroupReady(new LeaseId(lease), oldest(lease), false, 0.5, NOW));
        }
    }

    PolicyVersion oldest(long lease) {
        return state.ledger().lease(new LeaseId(lease)).map(LeaseEntry::floor).orElse(V0);
    }

    void step(PolicyVersion made, long... leases) {
        on(s -> s.onStepCommitted(made, ids(leases), Map.of(), NOW));
    }

    static List<LeaseId> ids(long... leases) {
        return Arrays.stream(leases).mapToObj(LeaseId::new).toList();
    }

    List<LeaseId> granted() {
        return effects.stream()
                .flatMap(effect -> effect instanceof StageEffect.Grant grant
                        ? grant.leases().stream().map(LeaseTerms::id)
                        : Stream.empty())
                .toList();
    }

    List<LeaseId> open() {
        return state.ledger().leases().stream().map(LeaseEntry::id).toList();
    }

    void begin(int free) {
        on(s -> s.onLearnerReady(V0, NOW));
        ask(V0, free);
    }
}
