package io.railhead.app.command;

import com.typesafe.config.ConfigRenderOptions;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.stage.StageSettings;
import io.railhead.app.reference.Setting;
import io.railhead.app.reference.SettingsReference;
import io.railhead.app.run.RunPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a command would start: the actors of this process, role by role, and every setting. Starts and writes nothing.
final class DryRun {
    private final RunPlan plan;
    private final Set<Role> roles;

    DryRun(RunPlan plan, Set<Role> roles) {
        this.plan = plan;
        this.roles = roles;
    }

    /// A setting that is not at its default is marked with `*`.
    void print(Terminal terminal, boolean json) {
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("actors", actors());
            all.put("memory", memory());
            all.put("settings", settings());
            terminal.out().println(Json.line(all));
            return;
        }
        StageSettings stage = plan.stage();
        terminal.out()
                .printf(
                        "nothing is started, nothing is written%n%n"
                                + "questions: %d to train on, %d held out%n"
                                + "%d steps of %d groups of %d responses; no token older than %d versions%n%nactors%n",
                        plan.train().items().size(),
                        plan.heldOut().items().size(),
                        stage.steps(),
                        stage.groupsPerStep(),
                        stage.groupSize(),
                        stage.maxStaleness());
        actors().forEach((role, started) ->
                started.forEach(actor -> terminal.out().printf("  %-11s %s%n", role, actor)));
        terminal.out().printf("%nmemory%n");
        plan.memory(roles).lines().forEach(line -> terminal.out().printf("  %s%n", line));
        terminal.out().printf("%nsettings (* not the default)%n");
        Map<String, String> presets =
                SettingsReference.ofModules().all().stream().collect(Collectors.toMap(Setting::key, Setting::preset));
        settings()
                .forEach((key, value) ->
                        terminal.out().printf("%s %s = %s%n", value.equals(presets.get(key)) ? " " : "*", key, value));
        terminal.out().flush();
    }

    private List<Map<String, Object>> memory() {
        return plan.memory(roles).owners().stream()
                .map(owner -> {
                    Map<String, Object> line = new LinkedHashMap<>();
                    line.put("device", owner.device());
                    line.put("owner", owner.what());
                    line.put("bytes", owner.bytes());
                    return line;
                })
                .toList();
    }

    private Map<String, List<String>> actors() {
        Map<String, List<String>> actors = new LinkedHashMap<>();
        for (Role role : roles) {
            actors.put(role.label(), actorsOf(role));
        }
        return actors;
    }

    private List<String> actorsOf(Role role) {
        return switch (role) {
            case CONTROLLER -> List.of("stage controller", "run recorder", "picture desk");
            case LEARNER ->
                List.of(
                        "learner",
                        "train step executor on %s"
                                .formatted(plan.training().compute().device()),
                        "weights publisher",
                        "picture fetcher");
            case REWARD ->
                List.of(
                        "reward router",
                        "%d reward scorers of the function %s"
                                .formatted(
                                        plan.reward().workers(), plan.config().getString("railhead.reward.function")));
            case ROLLOUT -> rollouts();
        };
    }

    private List<String> rollouts() {
        List<String> actors = new ArrayList<>(List.of("rollout node", "weights follower", "picture fetcher"));
        if (plan.rollout().remote().isPresent()) {
            actors.add("rollout worker that drives %s"
                    .formatted(plan.rollout().remote().get().url()));
        } else {
            plan.policy()
                    .engines()
                    .forEach(engine -> actors.add("rollout worker and generation executor on %s with %d slots"
                            .formatted(
                                    engine.compute().device(), engine.limits().slots())));
        }
        return List.copyOf(actors);
    }

    private Map<String, String> settings() {
        Map<String, String> values = new LinkedHashMap<>();
        for (Setting setting : SettingsReference.ofModules().all()) {
            boolean set = plan.config().hasPath(setting.key());
            values.put(
                    setting.key(),
                    set ? plan.config().getValue(setting.key()).render(ConfigRenderOptions.concise()) : "null");
        }
        return values;
    }
}
