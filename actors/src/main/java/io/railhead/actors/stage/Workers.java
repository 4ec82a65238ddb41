package io.railhead.actors.stage;

import io.railhead.actors.stage.StageState.Worker;
import io.railhead.policy.PolicyVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/// The rollout workers by id, and apart those of them with a free sample: after most events none of a thousand can be
/// given anything, and that is to be seen without looking at them. Immutable.
///
/// @param all in id order
/// @param withRoom exactly those of all with a free sample, in id order
/// @param serving how many of those serve each version; none is 0
public record Workers(
        TreePMap<String, Worker> all, TreePMap<String, Worker> withRoom, TreePMap<PolicyVersion, Integer> serving) {
    static final Workers NONE = new Workers(TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

    @Nullable
    Worker get(String id) {
        return all.get(id);
    }

    Optional<Worker> find(String id) {
        return Optional.ofNullable(all.get(id));
    }

    int size() {
        return all.size();
    }

    Workers plus(String id, Worker worker) {
        Worker before = withRoom.get(id);
        boolean room = worker.freeSamples() > 0;
        return new Workers(
                all.plus(id, worker),
                room ? withRoom.plus(id, worker) : before == null ? withRoom : withRoom.minus(id),
                counted(before, room ? worker : null));
    }

    Workers minus(String id) {
        Worker before = withRoom.get(id);
        return new Workers(all.minus(id), before == null ? withRoom : withRoom.minus(id), counted(before, null));
    }

    /// Versions served when one with room takes the place of another; null is one without, or none.
    private TreePMap<PolicyVersion, Integer> counted(@Nullable Worker before, @Nullable Worker after) {
        if (before != null && after != null && before.serving().equals(after.serving())) {
            return serving;
        }
        TreePMap<PolicyVersion, Integer> next = before == null ? serving : counted(serving, before.serving(), -1);
        return after == null ? next : counted(next, after.serving(), 1);
    }

    private static TreePMap<PolicyVersion, Integer> counted(
            TreePMap<PolicyVersion, Integer> serving, PolicyVersion version, int change) {
        int count = serving.getOrDefault(version, 0) + change;
        return count == 0 ? serving.minus(version) : serving.plus(version, count);
    }
}
