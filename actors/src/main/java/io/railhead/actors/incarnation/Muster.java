package io.railhead.actors.incarnation;

import io.railhead.actors.protocol.Incarnation;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Who takes part in the lives of a run, and when the next life has to begin: the rules of its head. Immutable.
///
/// Invariants: a life is given to one learner at most; what a learner is given is never older than what it knew;
/// a member that asks hears of the present life as long as it does not know it.
///
/// @param life the present one, or [Incarnation#NONE] before the first
/// @param changing whether the present life is ending, because the next one has to begin
/// @param learner the one to which the present life was given, or the next one will be
public record Muster(Incarnation life, boolean changing, SortedSet<String> members, Optional<String> learner) {
    public static final Muster EMPTY = new Muster(Incarnation.NONE, true, new TreeSet<>(), Optional.empty());

    /// What is to be done about a message.
    public enum Decision {
        NOTHING,
        /// Tell the member of the present life.
        TELL,
        /// End the present life, and begin another.
        NEXT_LIFE
    }

    public record Step(Muster next, Decision decision) {}

    public Muster {
        members = Collections.unmodifiableSortedSet(new TreeSet<>(members));
    }

    public Step joined(String member, Incarnation known) {
        return new Step(with(member), tellUnlessKnown(known));
    }

    public Step joinedAsLearner(String member, Incarnation known) {
        Muster here = with(member);
        if (learner.isEmpty() || learner.get().equals(member)) {
            return new Step(new Muster(life, changing, here.members, Optional.of(member)), tellUnlessKnown(known));
        }
        SortedSet<String> rest = new TreeSet<>(here.members);
        rest.remove(learner.get()); // else it would hear of a life that is another one's
        return new Step(
                new Muster(life, true, rest, Optional.of(member)), changing ? Decision.NOTHING : Decision.NEXT_LIFE);
    }

    /// It left, or its node is lost.
    public Step left(String member) {
        SortedSet<String> rest = new TreeSet<>(members);
        rest.remove(member);
        if (!learner.equals(Optional.of(member))) {
            return new Step(new Muster(life, changing, rest, learner), Decision.NOTHING);
        }
        return new Step(
                new Muster(life, true, rest, Optional.empty()), changing ? Decision.NOTHING : Decision.NEXT_LIFE);
    }

    /// A life has begun: all members are to be told of it.
    ///
    /// @throws IllegalArgumentException if it is not newer than the one before
    public Muster begun(Incarnation next) {
        if (next.compareTo(life) <= 0) {
            throw new IllegalArgumentException(next + " cannot follow " + life);
        }
        return new Muster(next, false, members, learner);
    }

    private Decision tellUnlessKnown(Incarnation known) {
        return !changing && known.compareTo(life) < 0 ? Decision.TELL : Decision.NOTHING;
    }

    private Muster with(String member) {
        SortedSet<String> more = new TreeSet<>(members);
        more.add(member);
        return new Muster(life, changing, more, learner);
    }
}
