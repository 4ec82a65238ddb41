package io.railhead.app.command;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `railhead completion`.
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "A script that completes commands and options, for bash and zsh.")
final class CompletionCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    CompletionCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        terminal.out().print(AutoComplete.bash("railhead", spec.root().commandLine()));
        terminal.out().flush();
        return 0;
    }
}
