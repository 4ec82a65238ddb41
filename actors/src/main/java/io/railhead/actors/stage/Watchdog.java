package io.railhead.actors.stage;

import java.util.Locale;

/// What a run watches for: something that is waited for longer than its deadline. `docs/alerts.md` says what each
/// means and what to do.
public enum Watchdog {
    /// No train step and no commit came to its end.
    NO_STEP,

    /// A worker has a lease and sends no sample.
    NO_TRAJECTORY,

    /// Workers are done with samples that do not come from the reward actors.
    NO_SCORE,

    /// A worker goes on serving a version that the learner left behind.
    NO_WEIGHTS;

    /// As in settings, facts, metrics and documents.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// What is done when the deadline has come, apart from saying so.
    public enum Action {
        WARN,

        /// The leases in question are granted again, to whoever asks first.
        REISSUE,

        /// The run fails.
        FAIL;

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
