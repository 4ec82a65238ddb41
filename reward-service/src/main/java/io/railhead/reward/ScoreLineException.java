package io.railhead.reward;

/// A line of items to score cannot be used. The message names the line and the field.
public final class ScoreLineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long lineNumber;

    ScoreLineException(long lineNumber, String problem, Throwable cause) {
        super("line " + lineNumber + ": " + problem, cause);
        this.lineNumber = lineNumber;
    }

    public long lineNumber() {
        return lineNumber;
    }
}
