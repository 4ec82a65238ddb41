package io.railhead.actors.pictures;

import io.railhead.actors.protocol.PictureCommand.Fetched;
import io.railhead.policy.EncodedImage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// Which pictures a node waits for, for whom, and what it has asked. Immutable.
///
/// Laws: each want is answered once, when all of it is here or known not to come, or at its deadline; a picture is
/// asked for once for all that want it, and again after `repeat`, twice that, and so on, while somebody waits; never
/// more than `IN_FLIGHT` pictures have been asked for and not come; what nobody asked for is not taken.
///
/// @param <A> whoever is answered
/// @param asks by hash, in the order in which they were first wanted
public record PictureWants<A>(Duration repeat, List<Want<A>> wants, SequencedMap<String, Ask> asks) {
    /// Pictures on their way to this node at a time.
    static final int IN_FLIGHT = 4;

    private static final int MOST_DOUBLINGS = 4; // 16 times `repeat`

    /// @param open hashes that have not come
    /// @param until when it is answered with what there is
    public record Want<A>(
            A asker,
            long ticket,
            Set<String> open,
            Map<String, EncodedImage> here,
            Map<String, String> missing,
            Instant until) {
        public Want {
            open = Set.copyOf(open);
            here = Map.copyOf(here);
            missing = Map.copyOf(missing);
        }

        private Want<A> came(EncodedImage picture) {
            Map<String, EncodedImage> grown = new HashMap<>(here);
            grown.put(picture.sha256(), picture);
            return new Want<>(asker, ticket, without(picture.sha256()), grown, missing, until);
        }

        private Want<A> failed(String sha256, String cause) {
            Map<String, String> grown = new HashMap<>(missing);
            grown.put(sha256, cause);
            return new Want<>(asker, ticket, without(sha256), here, grown, until);
        }

        private Set<String> without(String sha256) {
            Set<String> rest = new HashSet<>(open);
            rest.remove(sha256);
            return rest;
        }
    }

    /// @param times how often it was asked; 0 while it waits for its turn
    /// @param again when it is asked again
    public record Ask(String promptId, int times, Instant again) {}

    /// To be asked now.
    public record Question(String promptId, String sha256) {}

    public record Answer<A>(A asker, Fetched fetched) {}

    public record Step<A>(PictureWants<A> next, List<Question> questions, List<Answer<A>> answers) {}

    public PictureWants {
        wants = List.copyOf(wants);
        asks = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(asks));
    }

    public static <A> PictureWants<A> none(Duration repeat) {
        return new PictureWants<>(repeat, List.of(), new LinkedHashMap<>());
    }

    public boolean isEmpty() {
        return wants.isEmpty();
    }

    /// @param lacking prompt by hash: what is to be got
    /// @param here what the asker wants and the node has
    public Step<A> want(
            A asker,
            long ticket,
            SequencedMap<String, String> lacking,
            Map<String, EncodedImage> here,
            Instant until,
            Instant now) {
        List<Want<A>> all = new ArrayList<>(wants);
        all.add(new Want<>(asker, ticket, lacking.keySet(), here, Map.of(), until));
        LinkedHashMap<String, Ask> asked = new LinkedHashMap<>(asks);
        lacking.forEach((sha256, promptId) -> asked.putIfAbsent(sha256, new Ask(promptId, 0, now)));
        return new PictureWants<>(repeat, all, asked).settled(now);
    }

    /// Whether somebody waits for this picture.
    public boolean wants(String sha256) {
        return asks.containsKey(sha256);
    }

    public Step<A> came(EncodedImage picture, Instant now) {
        return new PictureWants<>(
                        repeat,
                        wants.stream()
                                .map(want -> want.open().contains(picture.sha256()) ? want.came(picture) : want)
                                .toList(),
                        asks)
                .settled(now);
    }

    public Step<A> failed(String sha256, String cause, Instant now) {
        return new PictureWants<>(
                        repeat,
                        wants.stream()
                                .map(want -> want.open().contains(sha256) ? want.failed(sha256, cause) : want)
                                .toList(),
                        asks)
                .settled(now);
    }

    /// Time has passed.
    public Step<A> settled(Instant now) {
        List<Want<A>> waiting = new ArrayList<>();
        List<Answer<A>> answers = new ArrayList<>();
        for (Want<A> want : wants) {
            if (!want.open().isEmpty() && want.until().isAfter(now)) {
                waiting.add(want);
            } else {
                Map<String, String> missing = new HashMap<>(want.missing());
                want.open().forEach(sha256 -> missing.put(sha256, "it did not come in time"));
                answers.add(new Answer<>(want.asker(), new Fetched(want.ticket(), want.here(), missing)));
            }
        }
        LinkedHashMap<String, Ask> still = new LinkedHashMap<>(asks);
        still.keySet()
                .removeIf(
                        sha256 -> waiting.stream().noneMatch(want -> want.open().contains(sha256)));
        List<Question> questions = ask(still, now);
        return new Step<>(new PictureWants<>(repeat, waiting, still), questions, List.copyOf(answers));
    }

    private List<Question> ask(SequencedMap<String, Ask> still, Instant now) {
        int turns = IN_FLIGHT
                - (int) still.values().stream().filter(ask -> ask.times() > 0).count();
        List<Question> questions = new ArrayList<>();
        for (Map.Entry<String, Ask> entry : still.entrySet()) {
            Ask ask = entry.getValue();
            if ((ask.times() == 0 && turns-- <= 0) || ask.again().isAfter(now)) {
                continue;
            }
            questions.add(new Question(ask.promptId(), entry.getKey()));
            Duration pause = repeat.multipliedBy(1L << Math.min(ask.times(), MOST_DOUBLINGS));
            entry.setValue(new Ask(ask.promptId(), ask.times() + 1, now.plus(pause)));
        }
        return List.copyOf(questions);
    }
}
