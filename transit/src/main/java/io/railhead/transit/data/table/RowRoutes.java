package io.railhead.transit.data.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.transit.InvalidDataException;
import io.railhead.transit.LineShape;
import io.railhead.transit.Route;
import io.railhead.transit.RoutePlanner;
import io.railhead.transit.RouteSegment;
import io.railhead.transit.StationNames;
import io.railhead.transit.TransitNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The reference routes of a planning row: those of its column `routes`, or the best ones of its network.
final class RowRoutes {
    private RowRoutes() {}

    /// Those of the row; empty if it has none.
    static List<Route> listed(JsonNode row) {
        List<Route> routes = new ArrayList<>();
        for (JsonNode route : parsed(row.path("routes"))) {
            if (route.isArray() && !route.isEmpty()) {
                List<RouteSegment> rides = new ArrayList<>();
                route.forEach(ride -> rides.add(ride(ride)));
                routes.add(new Route(rides));
            }
        }
        return routes;
    }

    /// The best ones of the row's network.
    static List<Route> planned(JsonNode row, TransitNetwork network) throws UnusableRow {
        String from = RowTasks.text(row, "station_1");
        String to = RowTasks.text(row, "station_2");
        Optional<String> start = nameIn(network, from);
        Optional<String> goal = nameIn(network, to);
        List<Route> routes = start.isPresent() && goal.isPresent()
                ? new RoutePlanner(network).bestRoutes(start.get(), goal.get())
                : List.of();
        if (routes.isEmpty()) {
            throw new UnusableRow("no route from " + from + " to " + to);
        }
        var shapes = network.shapes();
        for (Route route : routes) {
            for (RouteSegment ride : route.segments()) {
                LineShape shape = shapes.get(ride.line());
                if (shape == null || !shape.isCertain(ride.departure(), ride.arrival())) {
                    throw new UnusableRow(
                            "the route from %s to %s takes %s where it may branch".formatted(from, to, ride.line()));
                }
            }
        }
        return routes;
    }

    private static JsonNode parsed(JsonNode routes) {
        if (!routes.isTextual()) {
            return routes;
        }
        try {
            return JsonRows.parse(routes.textValue());
        } catch (JsonProcessingException e) {
            throw new InvalidDataException("routes is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static RouteSegment ride(JsonNode ride) {
        List<String> via = new ArrayList<>();
        ride.path("via_stops").forEach(stop -> via.add(stop.asText()));
        int stops =
                via.isEmpty() && ride.hasNonNull("num_via_stops") ? RowTasks.number(ride, "num_via_stops") : via.size();
        return new RouteSegment(
                RowTasks.text(ride, "route_name"),
                RowTasks.text(ride, "departure_stop"),
                RowTasks.text(ride, "arrival_stop"),
                stops + 1,
                via);
    }

    /// How the network spells the station.
    private static Optional<String> nameIn(TransitNetwork network, String station) {
        return network.stations().stream()
                .filter(name -> StationNames.key(name).equals(StationNames.key(station)))
                .findFirst();
    }
}
