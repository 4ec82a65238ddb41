package io.railhead.app.command;

import io.railhead.app.Version;
import io.railhead.app.run.UsageException;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `railhead` itself: names its commands.
@Command(
        name = "railhead",
        mixinStandardHelpOptions = true,
        version = "railhead " + Version.TEXT,
        description = "Trains multimodal language models with asynchronous reinforcement learning.",
        synopsisSubcommandLabel = "COMMAND",
        footer = "  bench           Benchmarks, as JSON (see `railhead bench --help`).", // a module of its own
        sortOptions = false)
public final class RailheadCommand implements Runnable {
    private RailheadCommand() {}

    /// The whole command line on one terminal.
    public static CommandLine commandLine(Terminal terminal) {
        CommandLine whole = new CommandLine(new RailheadCommand())
                .addSubcommand(new TrainCommand(terminal))
                .addSubcommand(new SftCommand(terminal))
                .addSubcommand(new AblateCommand(terminal))
                .addSubcommand(new OffPolicyCommand(terminal))
                .addSubcommand(new NodeCommand(terminal))
                .addSubcommand(new StatusCommand(terminal))
                .addSubcommand(new EventsCommand(terminal))
                .addSubcommand(new TrackCommand(terminal))
                .addSubcommand(new ReplayCommand(terminal))
                .addSubcommand(new SimulateCommand(terminal))
                .addSubcommand(new EvalCommand(terminal))
                .addSubcommand(new CommandLine(new DataCommand())
                        .addSubcommand(new DataShowCommand(terminal))
                        .addSubcommand(new DataGenerateCommand(terminal))
                        .addSubcommand(new DataImportCommand(terminal)))
                .addSubcommand(new GenerateCommand(terminal))
                .addSubcommand(new LogProbsCommand(terminal))
                .addSubcommand(new ScoreCommand(terminal))
                .addSubcommand(new RewardServiceCommand(terminal))
                .addSubcommand(new DoctorCommand(terminal))
                .addSubcommand(new CommandLine(new ConfigCommand())
                        .addSubcommand(new ConfigExplainCommand(terminal))
                        .addSubcommand(new ConfigReferenceCommand(terminal)))
                .addSubcommand(new CompletionCommand(terminal))
                .addSubcommand(new CertificatesCommand(terminal))
                .addSubcommand(new PretrainCommand(terminal))
                .addSubcommand(new CommandLine(new CheckpointCommand())
                        .addSubcommand(new CheckpointListCommand(terminal))
                        .addSubcommand(new CheckpointVerifyCommand(terminal))
                        .addSubcommand(new CheckpointPruneCommand(terminal))
                        .addSubcommand(new CheckpointExportCommand(terminal)))
                .setOut(writer(terminal.out()))
                .setErr(writer(terminal.err()));
        Examples.addTo(whole);
        return whole;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    @Override
    public void run() {
        throw new UsageException("a command is missing (see `railhead --help`)");
    }
}
