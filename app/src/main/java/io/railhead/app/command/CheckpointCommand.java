package io.railhead.app.command;

import io.railhead.app.run.UsageException;
import picocli.CommandLine.Command;

/// `railhead checkpoint`: names its commands.
@Command(name = "checkpoint", mixinStandardHelpOptions = true, description = "Checkpoints of a run.")
final class CheckpointCommand implements Runnable {
    @Override
    public void run() {
        throw new UsageException("a command is missing (see `railhead checkpoint --help`)");
    }
}
