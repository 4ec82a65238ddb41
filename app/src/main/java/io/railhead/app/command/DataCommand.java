package io.railhead.app.command;

import io.railhead.app.run.UsageException;
import picocli.CommandLine.Command;

/// `railhead data`: names its commands.
@Command(name = "data", mixinStandardHelpOptions = true, description = "Maps and questions.")
final class DataCommand implements Runnable {
    @Override
    public void run() {
        throw new UsageException("a command is missing (see `railhead data --help`)");
    }
}
