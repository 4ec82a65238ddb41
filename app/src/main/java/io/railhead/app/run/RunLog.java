package io.railhead.app.run;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/// The log file of a run. `logback.xml` lets only warnings to the console; while this is open, everything that passes
/// the levels there goes into the run's `railhead.log` as well.
public final class RunLog implements AutoCloseable {
    private final Path file;
    private final FileAppender<ILoggingEvent> appender;

    private RunLog(Path file, FileAppender<ILoggingEvent> appender) {
        this.file = file;
        this.appender = appender;
    }

    public static RunLog into(Path file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level %logger{24} - %msg%n");
        encoder.start();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(context);
        appender.setName("run " + file);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.start();
        root().addAppender(appender);
        return new RunLog(file, appender);
    }

    /// Puts a stack trace into this file alone, not on the console, and says so to whoever reports it.
    public RunFailedException recorded(Exception failure) {
        Logger here = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(RunLog.class);
        appender.doAppend(new LoggingEvent(RunLog.class.getName(), here, Level.ERROR, "the run failed", failure, null));
        return new RunFailedException(file, failure);
    }

    @Override
    public void close() {
        root().detachAppender(appender);
        appender.stop();
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
