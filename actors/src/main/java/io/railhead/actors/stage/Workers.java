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
        Workers others = withoutRoom(id);
        return worker.freeSamples() > 0
                ? new Workers(
                        all.plus(id, worker),
                        others.withRoom.plus(id, worker),
                        counted(others.serving, worker.serving(), 1))
                : new Workers(all.plus(id, worker), others.withRoom, others.serving);
    }

    Workers minus(String id) {
        Workers others = withoutRoom(id);
        return new Workers(all.minus(id), others.withRoom, others.serving);
    }

    private Workers withoutRoom(String id) {
        Worker before = withRoom.get(id);
        return before == null ? this : new Workers(all, withRoom.minus(id), counted(serving, before.serving(), -1));
    }

    private static TreePMap<PolicyVersion, Integer> counted(
            TreePMap<PolicyVersion, Integer> serving, PolicyVersion version, int change) {
        int count = serving.getOrDefault(version, 0) + change;
        return count == 0 ? serving.minus(version) : serving.plus(version, count);
    }
}
