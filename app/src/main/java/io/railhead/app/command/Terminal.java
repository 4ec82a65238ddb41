package io.railhead.app.command;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;

/// Where a command reads and writes. `live` says that `out` is a screen on which a line may be rewritten.
public record Terminal(InputStream in, PrintStream out, PrintStream err, boolean live) {
    public static Terminal system() {
        boolean live =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
                        && !"dumb".equals(System.getenv("TERM"));
        return new Terminal(System.in, System.out, System.err, live);
    }
}
