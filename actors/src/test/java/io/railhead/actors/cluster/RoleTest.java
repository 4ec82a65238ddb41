package io.railhead.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.settings.ConfigurationException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoleTest {
    @Test
    void parsesOneRoleOrSeveral() {
        assertThat(Role.parse("learner")).isEqualTo(Set.of(Role.LEARNER));
        assertThat(Role.parse("controller, reward")).isEqualTo(Set.of(Role.CONTROLLER, Role.REWARD));
    }

    @Test
    void unknownRoleNamesTheNearest() {
        assertThatThrownBy(() -> Role.parse("rollout,lerner"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("unknown role \"lerner\"; did you mean learner?");
        assertThatThrownBy(() -> Role.parse("rollout,"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("unknown role \"\"; a role is one of controller, learner, rollout, reward");
    }
}
