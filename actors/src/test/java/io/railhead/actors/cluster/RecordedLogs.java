package io.railhead.actors.cluster;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/// Keeps every warning and error that anyone logs while it is open.
public final class RecordedLogs extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final Semaphore arrivals = new Semaphore(0);
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    public static RecordedLogs open() {
        RecordedLogs logs = new RecordedLogs();
        logs.setContext(logs.root.getLoggerContext());
        logs.start();
        logs.root.addAppender(logs);
        return logs;
    }

    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /// Returns when a line with these words was logged.
    public void await(String words) throws InterruptedException {
        while (warnings.stream().noneMatch(line -> line.contains(words))) {
            if (!arrivals.tryAcquire(60, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody logged \"" + words + "\" but " + warnings);
            }
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            warnings.add(event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage());
            arrivals.release();
        }
    }

    @Override
    public void close() {
        root.detachAppender(this);
    }
}
