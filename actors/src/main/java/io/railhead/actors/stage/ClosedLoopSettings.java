package io.railhead.actors.stage;

import io.railhead.actors.settings.StrictConfig;

/// The section `railhead.stage.closed-loop`.
///
/// @param effective share of effective samples: below its band is too far off-policy, above it room is left
/// @param mismatch KL of generation and training: above its band is too far, below it room is left
/// @param minStaleness that is never gone below; above is `max-staleness` the limit
/// @param rateStep what a move multiplies the learning rate's factor by, or divides it by
/// @param patience train steps that are looked at for a move
public record ClosedLoopSettings(
        boolean enabled,
        Band effective,
        Band mismatch,
        int minStaleness,
        double minRateFactor,
        double maxRateFactor,
        double rateStep,
        int patience) {
    /// Between these nothing is moved: the hysteresis.
    public record Band(double low, double high) {}

    static ClosedLoopSettings from(StrictConfig section, int maxStaleness) {
        ClosedLoopSettings settings = new ClosedLoopSettings(
                section.flag("enabled"),
                section.section("effective-share", band -> band(band, 1)),
                section.section("mismatch-kl", band -> band(band, Double.MAX_VALUE)),
                section.integer("min-staleness", 0, 1000),
                section.number("min-rate-factor", 1e-6, 1),
                section.number("max-rate-factor", 1, 1e6),
                section.number("rate-step", 0.01, 0.99),
                section.integer("patience", 1, 1 << 20));
        if (settings.enabled && settings.minStaleness > maxStaleness) {
            throw section.contradiction("min-staleness", "is at most max-staleness, " + maxStaleness);
        }
        return settings;
    }

    private static Band band(StrictConfig section, double most) {
        Band band = new Band(section.number("low", 0, most), section.number("high", 0, most));
        if (band.low > band.high) {
            throw section.contradiction("low", "is at most high, " + band.high);
        }
        return band;
    }
}
