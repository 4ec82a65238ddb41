package io.railhead.actors.cluster;

import io.railhead.actors.settings.ConfigurationException;
import io.railhead.actors.settings.NearestName;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What a node does. A node may have several roles; a run on one machine has all of them.
public enum Role {
    CONTROLLER,
    LEARNER,
    ROLLOUT,
    REWARD;

    /// As on the command line and in the cluster's membership.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Parses `learner` or `controller,learner`.
    ///
    /// @throws ConfigurationException if a name is unknown or missing
    public static Set<Role> parse(String text) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : text.split(",", -1)) {
            roles.add(one(name.strip()));
        }
        return roles;
    }

    private static Role one(String name) {
        List<String> known = Arrays.stream(values()).map(Role::label).toList();
        int index = known.indexOf(name);
        if (index < 0) {
            throw new ConfigurationException("unknown role \"" + name + "\""
                    + NearestName.of(name, known)
                            .map(nearest -> "; did you mean " + nearest + "?")
                            .orElse("; a role is one of " + String.join(", ", known)));
        }
        return values()[index];
    }
}
