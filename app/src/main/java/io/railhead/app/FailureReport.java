package io.railhead.app;

import com.typesafe.config.ConfigException;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.telemetry.EventLogDamagedException;
import io.railhead.app.replay.IncompleteLogException;
import io.railhead.app.run.RunFailedException;
import io.railhead.app.run.UsageException;
import io.railhead.learner.CheckpointException;
import io.railhead.policy.InvalidModelException;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.djl.DeviceMissingException;
import io.railhead.reward.ScoreLineException;
import io.railhead.reward.service.ServiceStartException;
import io.railhead.transit.InvalidDataException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Says a failure in one line and decides the exit status.
///
/// Wrong input is 2 and says nothing more; anything else is 1, with the stack trace in the log file that the line
/// names.
final class FailureReport {
    static final int FAILED = 1;
    static final int WRONG_USAGE = 2;

    private final PrintStream err;

    FailureReport(PrintStream err) {
        this.err = err;
    }

    int of(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isWrongInput(cause)) {
                return wrongUsage(sentence(cause));
            }
        }
        Path log = failure instanceof RunFailedException run ? run.log() : written(failure);
        err.println("railhead: " + oneLine(sentence(failure)) + " (details in " + log + ")");
        return FAILED;
    }

    int wrongUsage(String message) {
        err.println("railhead: " + oneLine(message));
        return WRONG_USAGE;
    }

    private static boolean isWrongInput(Throwable cause) {
        return switch (cause) {
            case UsageException _,
                    ConfigurationException _,
                    ConfigException _,
                    InvalidDataException _,
                    InvalidModelException _,
                    PromptRejectedException _,
                    DeviceMissingException _,
                    ScoreLineException _,
                    ServiceStartException _,
                    CheckpointException _,
                    IncompleteLogException _,
                    EventLogDamagedException _,
                    BindException _,
                    NoSuchFileException _,
                    AccessDeniedException _ -> true;
            case Throwable _ -> false;
        };
    }

    /// A file of its own for a failure without a run.
    private static Path written(Exception failure) {
        try {
            Path file = Files.createTempFile("railhead-failure-", ".log");
            try (PrintWriter writer = new PrintWriter(Files.newBufferedWriter(file))) {
                failure.printStackTrace(writer);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException("no place to write the failure to", e);
        }
    }

    private static String sentence(Throwable cause) {
        return switch (cause) {
            case NoSuchFileException missing -> "no such file: " + missing.getFile();
            case AccessDeniedException denied -> "access denied: " + denied.getFile();
            case Throwable other -> other.getMessage() == null ? other.toString() : other.getMessage();
        };
    }

    private static String oneLine(String text) {
        return text.strip().replaceAll("\\s*\\R\\s*", "; ");
    }
}
