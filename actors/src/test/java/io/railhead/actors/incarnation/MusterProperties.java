package io.railhead.actors.incarnation;

import static org.assertj.core.api.Assertions.assertThat;

import io.railhead.actors.incarnation.Muster.Decision;
import io.railhead.actors.protocol.Incarnation;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Members that join, fall silent and are lost at random, with messages that get lost on their way.
class MusterProperties {
    private Muster muster = Muster.EMPTY;
    private final Map<Incarnation, String> given = new HashMap<>(); // life -> its learner
    private final Map<String, Incarnation> known = new HashMap<>(); // what each member has heard

    @Property
    void aLifeHasOneLearnerAndNobodyGoesBack(@ForAll long seed) {
        Random random = new Random(seed);
        muster = Muster.EMPTY; // tries share the instance
        given.clear();
        known.clear();
        long number = 0;
        for (int i = 0; i < 200; i++) {
            String member = "m" + random.nextInt(4);
            boolean learner = random.nextInt(3) == 0;
            String id = learner ? "learner-" + member : member;
            boolean before = muster.changing();
            Muster.Step step = switch (random.nextInt(4)) {
                case 0 -> muster.left(id);
                default ->
                    learner
                            ? muster.joinedAsLearner(id, known.getOrDefault(id, Incarnation.NONE))
                            : muster.joined(id, known.getOrDefault(id, Incarnation.NONE));
            };
            muster = step.next();
            assertThat(step.decision() == Decision.NEXT_LIFE)
                    .as("the next life is asked for once")
                    .isEqualTo(!before && muster.changing());
            if (step.decision() == Decision.TELL && random.nextBoolean()) {
                hear(id);
            }
            if (muster.changing() && random.nextInt(3) == 0) {
                number += 1 + random.nextInt(2);
                muster = muster.begun(new Incarnation(number));
                muster.members().stream().filter(_ -> random.nextBoolean()).forEach(this::hear);
            }
        }
    }

    private void hear(String member) {
        Incarnation life = muster.life();
        assertThat(known.getOrDefault(member, Incarnation.NONE)).isLessThanOrEqualTo(life);
        known.put(member, life);
        if (member.startsWith("learner-")) {
            assertThat(given.merge(life, member, (first, _) -> first)).isEqualTo(member);
        }
    }
}
