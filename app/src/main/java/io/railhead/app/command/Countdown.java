package io.railhead.app.command;

import java.util.function.IntConsumer;

/// A count that is rewritten on a screen and silent elsewhere.
final class Countdown implements IntConsumer, AutoCloseable {
    private final Terminal terminal;
    private final String what;
    private final int total;
    private int shown = -1;

    Countdown(Terminal terminal, String what, int total) {
        this.terminal = terminal;
        this.what = what;
        this.total = total;
    }

    @Override
    public void accept(int done) {
        if (terminal.live() && done != shown) {
            shown = done;
            terminal.out().print("\r%s %d of %d".formatted(what, done, total));
            terminal.out().flush();
        }
    }

    @Override
    public void close() {
        if (shown >= 0) {
            terminal.out().print("\r" + " ".repeat(40) + "\r");
            terminal.out().flush();
        }
    }
}
