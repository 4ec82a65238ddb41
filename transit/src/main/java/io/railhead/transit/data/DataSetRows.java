package io.railhead.transit.data;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.transit.PlanningForm;
import io.railhead.transit.Question;
import io.railhead.transit.Route;
import io.railhead.transit.RouteSegment;
import java.util.List;
import java.util.Map;

/// Questions about a city as rows with the published data sets' columns.
final class DataSetRows {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private DataSetRows() {}

    /// A row of ReasonMap: one planning question in its short and in one long form, with its routes and the network.
    static ObjectNode reasonMap(City city, Question question, PlanningForm longForm) {
        ObjectNode row = place(city, question);
        row.put("question_short", question.text());
        row.put("question_long", question.inForm(longForm).text());
        row.put("figure", figure(city));
        ObjectNode routes = row.putObject("routes");
        for (Route route : question.routes()) {
            ArrayNode rides = routes.putArray("route_" + (routes.size() + 1));
            route.segments().forEach(segment -> rides.add(ride(segment)));
        }
        ObjectNode network = row.putObject("json");
        for (Map.Entry<String, List<String>> line :
                city.tidy().network().lines().entrySet()) {
            ArrayNode stations = network.putArray(line.getKey());
            line.getValue().forEach(stations::add);
        }
        return difficulty(row, city)
                .put("difficulty_question", question.difficulty().wireName())
                .put("question_transfer_count", question.questionTransferCount());
    }

    /// A row of ReasonMap-Plus, or of ReasonMap-Train, which has planning questions as well.
    static ObjectNode plain(City city, Question question) {
        ObjectNode row = place(city, question);
        row.put("figure", figure(city));
        row.put("question", question.text());
        row.put("answer", question.answer());
        row.put("type", question.type().wireName());
        row.put("json", "./" + stations(city));
        return difficulty(row, city).put("question_transfer_count", question.questionTransferCount());
    }

    /// Where a row expects the city's network, below the folder of the data.
    static String stations(City city) {
        return "stations/" + city.id() + ".json";
    }

    /// Where a row expects the city's map, below the folder of the data.
    static String map(City city) {
        return "maps/" + city.image().name();
    }

    private static ObjectNode place(City city, Question question) {
        return JSON.createObjectNode()
                .put("country", city.country())
                .put("city", city.name())
                .put("station_1", question.station1())
                .put("station_2", question.station2());
    }

    private static ObjectNode difficulty(ObjectNode row, City city) {
        return row.put("difficulty_city", city.difficulty().wireName())
                .put("city_line_count", city.tidy().network().lines().size())
                .put("city_transfer_count", city.file().transferMarks());
    }

    private static String figure(City city) {
        return "./" + map(city);
    }

    private static ObjectNode ride(RouteSegment segment) {
        ObjectNode ride = JSON.createObjectNode()
                .put("route_name", segment.line())
                .put("departure_stop", segment.departure())
                .put("arrival_stop", segment.arrival());
        ArrayNode via = ride.putArray("via_stops");
        segment.via().forEach(via::add);
        return ride.put("num_via_stops", segment.stops() - 1);
    }
}
