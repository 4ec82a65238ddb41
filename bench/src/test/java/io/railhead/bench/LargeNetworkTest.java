package io.railhead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.transit.StationNames;
import io.railhead.transit.TransitNetwork;
import org.junit.jupiter.api.Test;

class LargeNetworkTest {
    @Test
    void hasAsManyStationsAsItSaysEvenWhenTheirNamesAreCleaned() {
        TransitNetwork network = LargeNetwork.network();
        assertThat(network.lines().values()).hasSize(24).allMatch(stations -> stations.size() == 24);
        assertThat(network.stations().stream().map(StationNames::key).distinct())
                .hasSize(432);
    }
}
