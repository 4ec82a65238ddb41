package io.railhead.actors.stage;

import io.railhead.actors.settings.StrictConfig;
import io.railhead.actors.stage.Watchdog.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/// The section `railhead.stage.watchdogs`.
public record WatchdogSettings(Map<Watchdog, Rule> rules) {
    /// @param after how long something is waited for; zero = for ever
    public record Rule(Duration after, Action action) {
        boolean isOff() {
            return after.isZero();
        }

        boolean isDue(Instant since, Instant now) {
            return !isOff() && Duration.between(since, now).compareTo(after) >= 0;
        }
    }

    public WatchdogSettings {
        rules = Map.copyOf(rules);
    }

    static WatchdogSettings from(StrictConfig section) {
        Map<Watchdog, Rule> rules = new EnumMap<>(Watchdog.class);
        for (Watchdog watchdog : Watchdog.values()) {
            rules.put(watchdog, section.section(watchdog.label(), rule -> rule(watchdog, rule)));
        }
        return new WatchdogSettings(rules);
    }

    private static Rule rule(Watchdog watchdog, StrictConfig section) {
        Action action = section.choice("action", Action.class);
        boolean ofLeases = watchdog == Watchdog.NO_TRAJECTORY || watchdog == Watchdog.NO_SCORE;
        if (action == Action.REISSUE && !ofLeases) {
            throw section.contradiction("action", "is for leases: here it is warn or fail");
        }
        return new Rule(section.duration("after", Duration.ZERO, Duration.ofDays(30)), action);
    }

    /// Whether nothing is ever waited for too long.
    boolean areOff() {
        for (Rule rule : rules.values()) {
            if (!rule.isOff()) {
                return false;
            }
        }
        return true;
    }

    Rule rule(Watchdog watchdog) {
        return rules.getOrDefault(watchdog, new Rule(Duration.ZERO, Action.WARN));
    }
}
