package io.railhead.app.doctor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.app.run.PolicySettings;
import io.railhead.app.run.RunPlan;
import io.railhead.app.run.UsageException;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.djl.ComputeOptions;
import io.railhead.policy.djl.DeviceMissingException;
import io.railhead.policy.djl.EngineOptions;
import io.railhead.policy.djl.NativeSelfTest;
import io.railhead.policy.vision.VisionCost;
import io.railhead.transit.InvalidDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Whether a run of this configuration could start on this machine: settings, data and model, devices, memory.
final class Plan {
    private static final double MEBIBYTE = 1 << 20;
    private static final int SIDE = 224; // pixels, as costs of vision towers are published

    private Plan() {}

    static List<Finding> of(Config config) {
        List<Finding> findings = new ArrayList<>();
        try {
            Set<Role> roles = roles(config);
            findings.add(devices(config, roles));
            RunPlan plan = RunPlan.of(config);
            findings.add(Finding.good(
                    "configuration",
                    "%d questions to train on, %d held out, model %s"
                            .formatted(
                                    plan.train().items().size(),
                                    plan.heldOut().items().size(),
                                    PolicySettings.from(config).model())));
            findings.add(vision(plan.model().model().config()));
            findings.add(memory(plan, roles));
        } catch (ConfigurationException | ConfigException | UsageException | InvalidDataException | IOException e) {
            findings.add(Finding.bad(
                    "configuration",
                    String.valueOf(e.getMessage()),
                    "correct what it names; railhead config explain KEY says what a setting means"));
        }
        return findings;
    }

    /// Those of the node, or of a run in one JVM all.
    private static Set<Role> roles(Config config) {
        Set<Role> roles = ClusterSettings.from(config).roles();
        return roles.isEmpty() ? EnumSet.allOf(Role.class) : roles;
    }

    /// Computes on each of them.
    private static Finding devices(Config config, Set<Role> roles) {
        PolicySettings policy = PolicySettings.from(config);
        Set<ComputeOptions> used = new LinkedHashSet<>();
        if (roles.contains(Role.ROLLOUT)) {
            policy.engines().stream().map(EngineOptions::compute).forEach(used::add);
        }
        if (roles.contains(Role.LEARNER)) {
            used.add(policy.training().compute());
        }
        List<String> names = new ArrayList<>();
        for (ComputeOptions options : used) {
            try {
                NativeSelfTest.ensurePassed(options);
                names.add(options.device());
            } catch (DeviceMissingException e) {
                return Finding.bad(
                        "devices",
                        String.valueOf(e.getMessage()),
                        "set railhead.policy.rollout-devices and learner-device to devices that are there;"
                                + " CONTRIBUTING.md says how a CUDA library is given");
            } catch (IllegalStateException | LinkageError e) {
                return Finding.bad(
                        "devices",
                        options.device() + " does not compute as it should: " + e,
                        "use another device, or railhead.policy.compute = float32");
            }
        }
        return Finding.good("devices", names.isEmpty() ? "none are used" : String.join(", ", names) + " compute");
    }

    /// For a picture of [#SIDE] pixels each way, rounded to whole visual tokens.
    private static Finding vision(PolicyConfig model) {
        int token = model.vision().tokenSize();
        int side = Math.max(1, Math.round((float) SIDE / token)) * token;
        VisionCost cost = model.vision().cost(side, side);
        return Finding.good(
                "vision tower",
                "%,.3f M parameters, %,.1f M multiply-accumulates for %d visual tokens of a picture of %4$d x %4$d pixels"
                        .formatted(
                                cost.parameters() / 1e6,
                                cost.multiplyAccumulates() / 1e6,
                                side / token * (side / token),
                                side));
    }

    private static Finding memory(RunPlan plan, Set<Role> roles) {
        var needed = plan.memory(roles);
        try {
            needed.requireFitting();
        } catch (UsageException e) {
            return Finding.bad(
                    "model memory",
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    "lower what docs/memory.md says is largest; railhead train --dry-run lists it");
        }
        return Finding.good(
                "model memory",
                "%,.0f MiB stay on the processors' side, scratch comes on top"
                        .formatted(needed.bytesOn("cpu") / MEBIBYTE));
    }
}
