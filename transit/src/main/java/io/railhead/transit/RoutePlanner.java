package io.railhead.transit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Finds the best routes of a network: fewest transfers first, fewest stops among those.
///
/// Neighbours on a line are what [LineShape] says. Breadth-first over rides: layer k holds the stations that k rides
/// reach and k - 1 do not. A best route
/// changes trains only at stations of the layers before, so the fewest stops per layer suffice.
public final class RoutePlanner {
    /// So many equally good routes are listed at most; grids of many lines could have thousands.
    public static final int MAX_ROUTES = 16;

    private final SequencedMap<String, List<Call>> calls = new LinkedHashMap<>(); // station -> where lines call at it

    private record Call(String line, LineShape shape, int index) {}

    /// How a station is reached best: rides needed, stops on the way, and the last rides that achieve both.
    private record Reached(int rides, int stops, List<RouteSegment> last) {}

    public RoutePlanner(TransitNetwork network) {
        network.shapes().forEach((line, shape) -> {
            for (int i = 0; i < shape.calls(); i++) {
                calls.computeIfAbsent(shape.stationAt(i), _ -> new ArrayList<>())
                        .add(new Call(line, shape, i));
            }
        });
    }

    /// All best routes, at most [#MAX_ROUTES] of them, in a fixed order; empty if there is none or `from` is `to`.
    public List<Route> bestRoutes(String from, String to) {
        var routes = new ArrayList<Route>();
        if (!from.equals(to)) {
            collect(from, to, reach(from, to), List.of(), routes);
        }
        return List.copyOf(routes);
    }

    /// How many transfers each other station that can be reached from here needs.
    public SequencedMap<String, Integer> transfersFrom(String from) {
        var transfers = new LinkedHashMap<String, Integer>();
        reach(from, null).forEach((station, reached) -> {
            if (reached.rides() > 0) {
                transfers.put(station, reached.rides() - 1);
            }
        });
        return transfers;
    }

    private Map<String, Reached> reach(String from, @Nullable String until) {
        var best = new LinkedHashMap<String, Reached>();
        if (!calls.containsKey(from)) {
            return best;
        }
        best.put(from, new Reached(0, 0, List.of()));
        List<String> layer = List.of(from);
        for (int rides = 1; !layer.isEmpty() && (until == null || !best.containsKey(until)); rides++) {
            var next = new ArrayList<String>();
            for (String station : layer) {
                for (Call call : calls.getOrDefault(station, List.of())) {
                    ride(station, call, rides, best, next);
                }
            }
            layer = next;
        }
        return best;
    }

    /// Offers every station of the line as a goal of the next ride.
    private void ride(String station, Call call, int rides, Map<String, Reached> best, List<String> next) {
        int before = reached(best, station).stops();
        for (int i = 0; i < call.shape().calls(); i++) {
            String goal = call.shape().stationAt(i);
            int distance = call.shape().distance(call.index(), i);
            Reached known = best.get(goal);
            if (distance == 0 || (known != null && known.rides() < rides)) {
                continue;
            }
            var segment = new RouteSegment(call.line(), station, goal, distance);
            int stops = before + distance;
            if (known == null) {
                next.add(goal);
            }
            if (known == null || stops < known.stops()) {
                best.put(goal, new Reached(rides, stops, new ArrayList<>(List.of(segment))));
            } else if (stops == known.stops() && !known.last().contains(segment)) {
                known.last().add(segment);
            }
        }
    }

    /// Walks back from the goal along the last rides.
    private void collect(
            String from, String to, Map<String, Reached> best, List<RouteSegment> tail, List<Route> routes) {
        Reached reached = best.get(to);
        if (reached == null) {
            return;
        }
        for (RouteSegment segment : reached.last()) {
            if (routes.size() == MAX_ROUTES) {
                return;
            }
            var longer = new ArrayList<RouteSegment>(List.of(segment));
            longer.addAll(tail);
            if (segment.departure().equals(from)) {
                routes.add(new Route(longer));
            } else {
                collect(from, segment.departure(), best, longer, routes);
            }
        }
    }

    private static Reached reached(Map<String, Reached> best, String station) {
        Reached reached = best.get(station);
        if (reached == null) {
            throw new IllegalStateException(station + " was never reached");
        }
        return reached;
    }
}
