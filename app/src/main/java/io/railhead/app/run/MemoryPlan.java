package io.railhead.app.run;

import io.railhead.actors.cluster.Role;
import io.railhead.learner.LearnerSettings;
import io.railhead.policy.AdapterShape;
import io.railhead.policy.ComputeType;
import io.railhead.policy.LoraConfig;
import io.railhead.policy.ParameterShape;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.TextConfig;
import io.railhead.policy.djl.DeviceMemory;
import io.railhead.policy.djl.EngineOptions;
import io.railhead.policy.djl.TrainingOptions;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What stays in memory as long as a node of a run lives, by device and owner: bytes, from the shapes of the model.
/// Activations and other scratch come on top; they grow with a microbatch and with the slots of an engine.
///
/// Does not know: what the machine has, beyond what it is told.
///
/// @param owners in the order in which they are made
public record MemoryPlan(List<Owner> owners) {
    private static final String HOST = "cpu";
    private static final long MASTER_BYTES = 4;
    private static final long MOMENT_BYTES = 8; // two of 32 bits
    private static final double MEBIBYTE = 1 << 20;

    public MemoryPlan {
        owners = List.copyOf(owners);
    }

    /// @param device `cpu`, or `cuda:` and a number
    /// @param what it is, for people
    /// @param less the setting that makes it less
    public record Owner(String device, String what, long bytes, String less) {}

    /// @param heap of this JVM at its largest, in bytes
    static MemoryPlan of(RunPlan plan, Set<Role> roles, long heap) {
        PolicyConfig model = plan.model().model().config();
        List<Owner> owners = new ArrayList<>();
        boolean generates =
                roles.contains(Role.ROLLOUT) && plan.rollout().remote().isEmpty();
        if (roles.contains(Role.LEARNER)) {
            addTrained(owners, model, plan.training());
            addLearner(owners, model, plan.training(), plan.learner());
        }
        if (generates) {
            plan.policy().engines().forEach(engine -> addEngine(owners, model, engine));
        }
        if (roles.contains(Role.LEARNER) || generates) {
            addVersions(owners, model, plan.training(), plan.weights().keepVersions());
        }
        owners.add(heap(heap));
        return new MemoryPlan(owners);
    }

    /// Of supervised training, which evaluates the weights that it trains.
    public static MemoryPlan supervised(PolicyConfig model, TrainingOptions training, EngineOptions engine, long heap) {
        List<Owner> owners = new ArrayList<>();
        addTrained(owners, model, training);
        addEngine(owners, model, engine);
        addVersions(owners, model, training, 1);
        owners.add(heap(heap));
        return new MemoryPlan(owners);
    }

    private static Owner heap(long bytes) {
        return new Owner(HOST, "heap of the JVM", bytes, "RAILHEAD_JVM_OPTS=-Xmx...");
    }

    private static void addTrained(List<Owner> owners, PolicyConfig model, TrainingOptions options) {
        ComputeType type = options.compute().type();
        String device = options.compute().device();
        long all = weights(model);
        long trained = trained(model, options);
        long kept = options.lora().isPresent() ? all : all - trained;
        long masters = trained * (type == ComputeType.FLOAT32 ? MASTER_BYTES : MASTER_BYTES + type.bytes());
        String smaller = options.lora().isPresent() ? "policy.lora.rank" : "policy.lora";
        owners.add(new Owner(device, "learner: weights", kept * type.bytes() + masters, "policy.compute"));
        owners.add(new Owner(device, "learner: gradients", trained * MASTER_BYTES, smaller));
        owners.add(new Owner(device, "learner: moments of the optimiser", trained * MOMENT_BYTES, smaller));
    }

    private static void addLearner(
            List<Owner> owners, PolicyConfig model, TrainingOptions options, LearnerSettings learner) {
        ComputeType type = options.compute().type();
        String device = options.compute().device();
        long all = weights(model);
        long trained = trained(model, options);
        if (options.lora().isEmpty() && learner.objective().needsReference()) {
            owners.add(new Owner(device, "learner: reference policy", all * type.bytes(), "learner.kl-coefficient"));
        }
        boolean severalSteps = learner.epochs() * learner.minibatches() > 1;
        if (severalSteps && learner.trouble().mayRollBack()) {
            owners.add(new Owner(
                    HOST, "learner: copy to roll back to", trained * (MASTER_BYTES + MOMENT_BYTES), "learner.trouble"));
        }
    }

    /// On a processor the embedding lies on the newest snapshot; a tied head is a packed copy of it.
    private static void addEngine(List<Owner> owners, PolicyConfig model, EngineOptions engine) {
        ComputeType type = engine.compute().type();
        String device = engine.compute().device();
        TextConfig text = model.text();
        long embedding = (long) text.vocabSize() * text.hiddenSize();
        long numbers = weights(model);
        if (model.tieWordEmbeddings() && !device.equals(HOST)) {
            numbers += embedding;
        } else if (!model.tieWordEmbeddings() && device.equals(HOST)) {
            numbers -= embedding;
        }
        numbers += engine.lora().map(lora -> adapters(model, lora)).orElse(0L);
        owners.add(new Owner(device, "engine: weights", numbers * type.bytes(), "policy.compute"));
        owners.add(new Owner(
                device,
                "engine: cache of keys and values",
                engine.limits().cacheBytes(text, type),
                "policy.cache-tokens"));
    }

    private static void addVersions(List<Owner> owners, PolicyConfig model, TrainingOptions options, int keep) {
        long numbers = options.lora().map(lora -> adapters(model, lora)).orElseGet(() -> weights(model));
        owners.add(new Owner(
                HOST,
                "versions of the weights that are kept",
                numbers * options.compute().type().bytes() * keep,
                "weights.keep-versions"));
    }

    private static long weights(PolicyConfig model) {
        return ParameterShape.of(model).stream()
                .mapToLong(ParameterShape::elements)
                .sum();
    }

    private static long trained(PolicyConfig model, TrainingOptions options) {
        if (options.lora().isPresent()) {
            return AdapterShape.of(model, options.lora().get()).stream()
                    .filter(adapter -> !options.visionFrozen() || !isVision(adapter.weight()))
                    .mapToLong(adapter -> adapter.a().elements() + adapter.b().elements())
                    .sum();
        }
        return ParameterShape.of(model).stream()
                .filter(weight -> !options.visionFrozen() || !isVision(weight.name()))
                .mapToLong(ParameterShape::elements)
                .sum();
    }

    private static boolean isVision(String weight) {
        return weight.startsWith("visual.");
    }

    private static long adapters(PolicyConfig model, LoraConfig lora) {
        return AdapterShape.of(model, lora).stream()
                .mapToLong(adapter -> adapter.a().elements() + adapter.b().elements())
                .sum();
    }

    /// All that is planned on a device.
    public long bytesOn(String device) {
        return owners.stream()
                .filter(owner -> owner.device().equals(device))
                .mapToLong(Owner::bytes)
                .sum();
    }

    /// Bytes by device and owner, for who measures.
    Map<String, Long> byOwner() {
        Map<String, Long> bytes = new LinkedHashMap<>();
        owners.forEach(owner -> bytes.merge(owner.device() + " " + owner.what(), owner.bytes(), Long::sum));
        return bytes;
    }

    /// A line for each owner, and one for each device.
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (String device : devices()) {
            owners.stream()
                    .filter(owner -> owner.device().equals(device))
                    .forEach(
                            owner -> lines.add(line(device, owner.bytes(), owner.what()) + "  (" + owner.less() + ")"));
            lines.add(line(device, bytesOn(device), "in all, without activations"));
        }
        return lines;
    }

    private static String line(String device, long bytes, String what) {
        return String.format(Locale.ROOT, "%-7s %,12.1f MiB  %s", device, bytes / MEBIBYTE, what);
    }

    /// As [#requireFitting(Function)], on this machine.
    public void requireFitting() {
        requireFitting(device -> device.equals(HOST) ? machineBytes() : DeviceMemory.bytes(device));
    }

    /// What this process may use: the machine's memory, or its container's.
    public static Optional<Long> machineBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? Optional.of(system.getTotalMemorySize())
                : Optional.empty();
    }

    /// Makes sure that the machine has memory for what is planned on its processors and its GPUs.
    ///
    /// @param machine bytes that this process may use of a device; empty if nobody knows
    /// @throws UsageException if it has not, with all numbers
    void requireFitting(Function<String, Optional<Long>> machine) {
        for (String device : devices()) {
            Optional<Long> there = machine.apply(device);
            if (there.isPresent() && bytesOn(device) > there.get()) {
                throw new UsageException("the run needs %,.1f MiB of memory on %s, and there are %,.1f MiB%n%s"
                        .formatted(
                                bytesOn(device) / MEBIBYTE,
                                device,
                                there.get() / MEBIBYTE,
                                String.join("\n", lines())));
            }
        }
    }

    private SortedSet<String> devices() {
        return owners.stream().map(Owner::device).collect(Collectors.toCollection(TreeSet::new));
    }
}
