package io.railhead.transit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RoutePlannerProperties {
    private static final Comparator<Route> ORDER =
            Comparator.comparingInt(Route::transfers).thenComparingInt(Route::stops);

    /// Two to four lines over eight letters: sharing, repeated stations and unreachable ones all occur.
    @Provide
    Arbitrary<TransitNetwork> networks() {
        Arbitrary<List<String>> line = Arbitraries.of("A", "B", "C", "D", "E", "F", "G", "H")
                .list()
                .ofMinSize(2)
                .ofMaxSize(5);
        return line.list().ofMinSize(1).ofMaxSize(4).map(lists -> {
            var lines = new LinkedHashMap<String, List<String>>();
            lists.forEach(stations -> lines.put("Line " + (lines.size() + 1), stations));
            return new TransitNetwork("small", lines);
        });
    }

    @Property
    void bestRoutesAreTheBestOfAllRoutes(@ForAll("networks") TransitNetwork network) {
        var planner = new RoutePlanner(network);
        for (String from : network.stations()) {
            var transfers = planner.transfersFrom(from);
            for (String to : network.stations()) {
                List<Route> best =
                        bestOf(allRoutes(network, from, to, network.lines().size()));
                assertThat(planner.bestRoutes(from, to))
                        .hasSize(Math.min(best.size(), RoutePlanner.MAX_ROUTES))
                        .doesNotHaveDuplicates()
                        .allMatch(best::contains);
                assertThat(transfers.get(to))
                        .isEqualTo(best.isEmpty() ? null : best.getFirst().transfers());
            }
        }
    }

    private static List<Route> bestOf(Collection<Route> routes) {
        return routes.stream().min(ORDER).stream()
                .flatMap(best -> routes.stream().filter(route -> ORDER.compare(route, best) == 0))
                .distinct()
                .toList();
    }

    /// The slow twin: every sequence of rides from one station to the other, up to a number of rides.
    private static List<Route> allRoutes(TransitNetwork network, String from, String to, int rides) {
        var routes = new ArrayList<Route>();
        if (!from.equals(to)) {
            extend(network, from, to, rides, List.of(), routes);
        }
        return routes;
    }

    private static void extend(
            TransitNetwork network, String from, String to, int rides, List<RouteSegment> before, List<Route> routes) {
        if (rides == 0) {
            return;
        }
        network.lines().forEach((line, stations) -> {
            for (int i = 0; i < stations.size(); i++) {
                for (int j = 0; j < stations.size(); j++) {
                    if (!stations.get(i).equals(from) || stations.get(j).equals(from)) {
                        continue;
                    }
                    var segments = new ArrayList<>(before);
                    segments.add(new RouteSegment(line, from, stations.get(j), distance(stations, i, j)));
                    if (stations.get(j).equals(to)) {
                        routes.add(new Route(segments));
                    } else {
                        extend(network, stations.get(j), to, rides - 1, segments, routes);
                    }
                }
            }
        });
    }

    /// A list that ends where it began is a circle.
    private static int distance(List<String> stations, int i, int j) {
        int along = Math.abs(i - j);
        boolean circle = stations.size() > 2 && stations.getFirst().equals(stations.getLast());
        return circle ? Math.min(along, stations.size() - 1 - along) : along;
    }
}
