package io.railhead.transit.answer;

import io.railhead.transit.answer.NetworkIndex.Name;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks a planning answer by the published rule: it starts and ends where it was asked to, each line exists, each
/// segment's stops are on its line, and each segment departs where the one before arrived.
///
/// As published, direction, order along the line, detours and the number of segments are not looked at.
public final class RouteChecker {
    private static final RouteCheck NOTHING = new RouteCheck(false, false, false, List.of());
    private static final int UNKNOWN_LINE = 1;
    private static final int DEPARTURE_OFF = 2;
    private static final int ARRIVAL_OFF = 4;
    private static final int NOT_JOINED = 8;
    private static final List<Set<SegmentFault>> FAULTS = allSetsOfFaults();

    private RouteChecker() {}

    public static RouteCheck check(AnswerKey key, String response) {
        return check(key, RouteParser.rides(response));
    }

    public static RouteCheck check(AnswerKey key, List<Ride> rides) {
        if (rides.isEmpty()) {
            return NOTHING;
        }
        NetworkIndex network = key.network();
        var checks = new ArrayList<SegmentCheck>(rides.size());
        Name start = network.name(rides.getFirst().departureSaid());
        Name departure = start;
        Name arrival = departure;
        boolean wellFormed = true;
        for (int i = 0; i < rides.size(); i++) {
            Ride ride = rides.get(i);
            arrival = network.name(ride.arrival());
            Name next = i + 1 < rides.size() ? network.name(rides.get(i + 1).departureSaid()) : arrival;
            wellFormed &= ride.line() != null
                    && ride.departure() != null
                    && !arrival.cleaned().isEmpty();
            checks.add(checked(network, ride, departure, arrival, next.key().equals(arrival.key())));
            departure = next;
        }
        return new RouteCheck(
                same(network, start, key.station1()), same(network, arrival, key.station2()), wellFormed, checks);
    }

    private static SegmentCheck checked(NetworkIndex network, Ride ride, Name departure, Name arrival, boolean joined) {
        String meant = ride.lineMeant();
        NetworkIndex.Line line = network.line(meant);
        int faults = joined ? 0 : NOT_JOINED;
        if (line == null) {
            faults |= UNKNOWN_LINE;
        } else {
            faults |= line.serves(departure.key()) ? 0 : DEPARTURE_OFF;
            faults |= line.serves(arrival.key()) ? 0 : ARRIVAL_OFF;
        }
        return new SegmentCheck(ride, meant, FAULTS.get(faults));
    }

    private static boolean same(NetworkIndex network, Name stop, @Nullable String station) {
        return station != null && stop.key().equals(network.name(station).key());
    }

    /// The set of each sum of the bits.
    private static List<Set<SegmentFault>> allSetsOfFaults() {
        var sets = new ArrayList<Set<SegmentFault>>();
        for (int bits = 0; bits < 16; bits++) {
            var set = EnumSet.noneOf(SegmentFault.class);
            addIf((bits & UNKNOWN_LINE) != 0, set, SegmentFault.UNKNOWN_LINE);
            addIf((bits & DEPARTURE_OFF) != 0, set, SegmentFault.DEPARTURE_NOT_ON_LINE);
            addIf((bits & ARRIVAL_OFF) != 0, set, SegmentFault.ARRIVAL_NOT_ON_LINE);
            addIf((bits & NOT_JOINED) != 0, set, SegmentFault.NOT_JOINED);
            sets.add(Set.copyOf(set));
        }
        return List.copyOf(sets);
    }

    private static void addIf(boolean wanted, Set<SegmentFault> set, SegmentFault fault) {
        if (wanted) {
            set.add(fault);
        }
    }
}
