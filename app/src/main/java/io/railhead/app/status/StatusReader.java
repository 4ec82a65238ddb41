package io.railhead.app.status;

import io.railhead.actors.cluster.Role;
import io.railhead.actors.protocol.HeadStatus;
import io.railhead.actors.protocol.RunStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/// Puts a node's status together: what the run's head says, and what the node knows by itself.
final class StatusReader {
    private static final Duration GRACE = Duration.ofSeconds(1); // of this node's own actor, beyond the head's

    private final ActorSystem<?> system;
    private final NodeSources sources;
    private final Duration deadline;
    private final InstantSource clock;
    private final ActorRef<RunDesk.Command> desk;

    StatusReader(ActorSystem<?> system, NodeSources sources, Duration deadline, InstantSource clock) {
        this.system = system;
        this.sources = sources;
        this.deadline = deadline;
        this.clock = clock;
        this.desk = system.systemActorOf(RunDesk.create(sources.address(), deadline, clock), "run-desk", Props.empty());
    }

    /// Fails if this node's actors do not answer in time. Asks nobody else.
    CompletionStage<RunDesk.Pong> alive() {
        return AskPattern.ask(desk, RunDesk.Ping::new, deadline, system.scheduler());
    }

    /// Ends by the deadline and a little: with who did not answer, or with a failure if not even this node's actors do.
    CompletionStage<NodeStatus> status() {
        return AskPattern.ask(desk, RunDesk.Ask::new, deadline.plus(GRACE), system.scheduler())
                .thenApply(this::status);
    }

    private NodeStatus status(RunDesk.Answer answer) {
        Instant now = clock.instant();
        ClusterView cluster = ClusterView.of(system);
        return new NodeStatus(
                sources.address(),
                sources.roles().stream().map(Role::label).sorted().toList(),
                ManagementFactory.getRuntimeMXBean().getUptime() / 1e3,
                Readiness.lacks(sources, cluster.status(), answer.status(), now),
                sources.life().get().number(),
                answer.leader(),
                answer.leads(),
                answer.status().map(StatusReader::run),
                waits(answer, now),
                cluster.members(),
                sources.lost().get(),
                sources.weights()
                        .get()
                        .map(held -> new NodeStatus.Weights(held.version().number(), held.source(), held.address())),
                workers(now),
                sources.gauges().scores().map(s -> new NodeStatus.Scores(s.waiting(), s.given(), s.failed())),
                sources.gauges()
                        .newest()
                        .map(seen ->
                                new NodeStatus.Recorded(seen.troubles(), seen.memoryShortages(), seen.newestStep())),
                heap(),
                new NodeStatus.Memory(residentBytes(), sources.plannedBytes()));
    }

    private static NodeStatus.Run run(HeadStatus head) {
        RunStatus run = head.run();
        return new NodeStatus.Run(
                head.life().number(),
                run.version().number(),
                run.stage(),
                run.ledger(),
                run.demand(),
                run.workers(),
                head.members(),
                run.alerts());
    }

    private static List<NodeStatus.Wait> waits(RunDesk.Answer answer, Instant now) {
        Stream<RunStatus.Wait> said = answer.status().stream().flatMap(head -> head.run().waits().stream());
        return Stream.concat(said, answer.silent().stream())
                .map(wait -> new NodeStatus.Wait(
                        wait.who(), wait.forWhat(), wait.since(), seconds(Instant.parse(wait.since()), now)))
                .toList();
    }

    private List<NodeStatus.Worker> workers(Instant now) {
        return sources.gauges().workers().entrySet().stream()
                .map(entry -> new NodeStatus.Worker(
                        entry.getKey(),
                        entry.getValue().serving().number(),
                        entry.getValue().freeSamples(),
                        seconds(entry.getValue().heard(), now)))
                .toList();
    }

    /// As Linux says it.
    private static Optional<Long> residentBytes() {
        Path process = Path.of("/proc/self/status");
        if (!Files.isReadable(process)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(process)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static NodeStatus.Heap heap() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return new NodeStatus.Heap(heap.getUsed(), heap.getMax());
    }

    /// Clocks of two machines may differ: never below zero.
    private static double seconds(Instant since, Instant now) {
        return Math.max(0, Duration.between(since, now).toMillis() / 1e3);
    }
}
