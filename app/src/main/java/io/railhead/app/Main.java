package io.railhead.app;

import io.railhead.app.command.RailheadCommand;
import io.railhead.app.command.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// `railhead COMMAND ...`: exit status 0 (done), 1 (failed) or 2 (wrong usage, configuration or input).
///
/// Whatever goes wrong is one line on standard error that names the thing; a stack trace is only ever in a log file.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(Terminal.system(), args));
    }

    /// Runs one command in this JVM and returns its exit status.
    public static int run(Terminal terminal, String... args) {
        FailureReport failures = new FailureReport(terminal.err());
        CommandLine line = RailheadCommand.commandLine(terminal);
        line.setParameterExceptionHandler((exception, _) -> failures.wrongUsage(sentence(exception)));
        line.setExecutionExceptionHandler((exception, _, _) -> failures.of(exception));
        return line.execute(args);
    }

    private static String sentence(ParameterException exception) {
        String command = exception.getCommandLine().getCommandSpec().qualifiedName(" ");
        String hint = exception instanceof UnmatchedArgumentException unmatched ? suggestions(unmatched) : "";
        return exception.getMessage() + hint + " (see `" + command + " --help`)";
    }

    private static String suggestions(UnmatchedArgumentException exception) {
        var nearest = exception.getSuggestions();
        return nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + "?";
    }
}
