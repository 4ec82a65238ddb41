package io.railhead.app.command;

import io.railhead.app.run.UsageException;
import picocli.CommandLine.Command;

/// `railhead config`: names its commands.
@Command(name = "config", mixinStandardHelpOptions = true, description = "What can be set, and what is.")
final class ConfigCommand implements Runnable {
    @Override
    public void run() {
        throw new UsageException("a command is missing (see `railhead config --help`)");
    }
}
