package io.railhead.actors.protocol;

/// The conservation law in numbers: every lease ever issued is in exactly one of the other five.
public record LedgerCounts(long issued, long trained, long filtered, long stale, long failed, long inFlight) {
    public static final LedgerCounts ZERO = new LedgerCounts(0, 0, 0, 0, 0, 0);

    public LedgerCounts {
        if (issued != trained + filtered + stale + failed + inFlight) {
            throw new IllegalArgumentException(
                    "unbalanced ledger: issued %d != trained %d + filtered %d + stale %d + failed %d + in flight %d"
                            .formatted(issued, trained, filtered, stale, failed, inFlight));
        }
    }
}
