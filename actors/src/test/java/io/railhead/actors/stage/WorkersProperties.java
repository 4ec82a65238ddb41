package io.railhead.actors.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.stage.StageState.Worker;
import io.railhead.policy.PolicyVersion;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WorkersProperties {
    /// What is kept beside the workers is what a walk through them finds.
    @Property
    void thoseWithRoomAreExactlyThoseWithAFreeSample(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Workers workers = Workers.NONE;
        SortedMap<String, Worker> model = new TreeMap<>();
        for (int event = 0; event < 200; event++) {
            String id = "worker-" + random.nextInt(12);
            if (random.nextInt(5) == 0) {
                workers = workers.minus(id);
                model.remove(id);
            } else {
                Worker worker = new Worker(new PolicyVersion(random.nextInt(3)), random.nextInt(5) - 2, Instant.EPOCH);
                workers = workers.plus(id, worker);
                model.put(id, worker);
            }
            assertThat(workers.all()).isEqualTo(model);
            assertThat(workers.size()).isEqualTo(model.size());
            Map<String, Worker> withRoom = new TreeMap<>(model);
            withRoom.values().removeIf(worker -> worker.freeSamples() <= 0);
            assertThat(workers.withRoom()).isEqualTo(withRoom);
            Map<PolicyVersion, Integer> serving = new TreeMap<>();
            withRoom.values().forEach(worker -> serving.merge(worker.serving(), 1, Integer::sum));
            assertThat(workers.serving()).isEqualTo(serving);
        }
    }
}
