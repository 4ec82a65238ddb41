package io.railhead.transit.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RouteParserTest {
    @Test
    void readsTheSectionsOfARouteWithAllThreeLabels() {
        String response = """
                Sure -- here it is:
                Route Name:  Downtown Line\s
                Departure Stop: Promenade Station
                Arrival Stop: Little India Station (NE7/DT12)
                --
                Route Name: North East Line
                Arrival Stop: Farrer Park Station
                --
                Route Name:North East Line
                Departure Stop: Little India
                Arrival Stop: Farrer Park
                """;
        assertThat(RouteParser.rides(response))
                .containsExactly(
                        new Ride("Downtown Line", "Promenade Station", "Little India Station (NE7/DT12)", true),
                        new Ride(null, "Little India", "Farrer Park", true));
    }

    @Test
    void keepsSectionsWithLabelsInAnotherCaseOnlyWhenAsked() {
        String response = "route name: x\ndeparture stop: y\narrival stop: z";
        assertThat(RouteParser.rides(response)).isEmpty();
        assertThat(RouteParser.ridesInAnyCase(response)).containsExactly(new Ride(null, null, response, false));
        assertThat(RouteParser.ridesInAnyCase(response.replace("route name:", "route nam\u0307e:")))
                .isEmpty();
    }

    @Test
    void takesTheFirstLineAndDepartureInTheirFormAndTheLastArrival() {
        String response = """
                Route Name:a
                Route Name: b
                Route Name: c
                Departure Stop: d
                Departure Stop: e
                Arrival Stop: f
                Arrival Stop: g
                """;
        assertThat(RouteParser.rides(response)).containsExactly(new Ride("b", "d", "g", true));
    }
}
