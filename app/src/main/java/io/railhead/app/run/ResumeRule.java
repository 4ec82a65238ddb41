package io.railhead.app.run;

/// Whether some keys of the configuration may be others when a run goes on, and why.
///
/// @param keys a key or the section of several, without `railhead.`; of two that match the longer one counts
public record ResumeRule(String keys, boolean mayChange, String reason) {
    static ResumeRule may(String keys, String reason) {
        return new ResumeRule(keys, true, reason);
    }

    static ResumeRule mayNot(String keys, String reason) {
        return new ResumeRule(keys, false, reason);
    }

    boolean covers(String key) {
        return key.equals(keys) || key.startsWith(keys + ".");
    }

    /// A row of the table in `docs/long-runs.md`.
    public String row() {
        return "| `%s` | %s | %s |".formatted(keys, mayChange ? "yes" : "no", reason);
    }
}
