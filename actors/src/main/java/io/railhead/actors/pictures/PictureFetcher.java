package io.railhead.actors.pictures;

import io.railhead.actors.protocol.PictureCommand.Fetched;
import io.railhead.actors.protocol.PictureCommand.ToDesk;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/// Gets the pictures that this node lacks from the controller's desk, for all actors of the node. One a node.
///
/// The conversation: `Fetch` names prompts; what is on the shelf is answered at once, the rest is asked for, a few at a
/// time and again and again, since any message may be lost ([PictureWants] holds the rules). `Fetched` comes once for
/// each `Fetch`, at its deadline at the latest. What comes is put on the shelf for those who want it next; that its
/// bytes are what its hash says was checked as it was read.
///
/// Its parent lets it go on with its state after a failure: its askers have no deadlines of their own.
///
/// Default dispatcher. Does not know: leases, trajectories, where the desk is.
public final class PictureFetcher extends AbstractMatchingBehavior<ToFetcher> {
    /// Long enough for a picture of megabytes on a slow link; repeated with growing pauses.
    public static final Duration REPEAT = Duration.ofSeconds(2);

    private static final Duration LOOK = Duration.ofMillis(250);

    private enum Tick implements ToFetcher.Internal {
        NOW
    }

    private final TimerScheduler<ToFetcher> timers;
    private final PictureShelf shelf;
    private final ActorRef<ToDesk> desk;
    private final Duration patience;
    private final Clock clock;

    private PictureWants<ActorRef<Fetched>> state = PictureWants.none(REPEAT);

    /// @param shelf of the node
    /// @param patience after which it gives up what did not come: as long as a lease lasts
    public static Behavior<ToFetcher> create(
            PictureShelf shelf, ActorRef<ToDesk> desk, Duration patience, Clock clock) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new PictureFetcher(context, timers, shelf, desk, patience, clock)));
    }

    private PictureFetcher(
            ActorContext<ToFetcher> context,
            TimerScheduler<ToFetcher> timers,
            PictureShelf shelf,
            ActorRef<ToDesk> desk,
            Duration patience,
            Clock clock) {
        super(context);
        this.timers = timers;
        this.shelf = shelf;
        this.desk = desk;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public Behavior<ToFetcher> onMessage(ToFetcher command) {
        return switch (command) {
            case ToFetcher.Fetch fetch -> onFetch(fetch);
            case ToFetcher.PictureSent(EncodedImage picture) -> onPictureSent(picture);
            case ToFetcher.NoSuchPicture(String sha256, String cause) -> settle(state.failed(sha256, cause, now()));
            case ToFetcher.Internal _ -> settle(state.settled(now())); // its only event is the tick
        };
    }

    private Behavior<ToFetcher> onFetch(ToFetcher.Fetch fetch) {
        LinkedHashMap<String, String> lacking = new LinkedHashMap<>();
        Map<String, EncodedImage> here = new HashMap<>();
        for (Prompt prompt : fetch.prompts()) {
            for (EncodedImage image : prompt.images()) {
                if (!image.isHere()) {
                    Optional<EncodedImage> held = shelf.find(image.sha256());
                    held.ifPresent(picture -> here.put(image.sha256(), picture));
                    if (held.isEmpty()) {
                        lacking.putIfAbsent(image.sha256(), prompt.id());
                    }
                }
            }
        }
        Instant until = now().plus(patience);
        return settle(state.want(fetch.replyTo(), fetch.ticket(), lacking, here, until, now()));
    }

    private Behavior<ToFetcher> onPictureSent(EncodedImage picture) {
        if (!state.wants(picture.sha256())) {
            getContext().getLog().debug("picture={} is not waited for", picture.sha256());
            return this;
        }
        shelf.put(picture);
        return settle(state.came(picture, now()));
    }

    private Behavior<ToFetcher> settle(PictureWants.Step<ActorRef<Fetched>> step) {
        state = step.next();
        step.questions()
                .forEach(question -> desk.tell(new ToDesk.SendPicture(
                        question.promptId(), question.sha256(), getContext().getSelf())));
        step.answers().forEach(answer -> answer.asker().tell(answer.fetched()));
        if (state.isEmpty()) {
            timers.cancel(Tick.NOW);
        } else if (!timers.isTimerActive(Tick.NOW)) {
            timers.startTimerWithFixedDelay(Tick.NOW, LOOK);
        }
        return this;
    }

    private Instant now() {
        return clock.instant();
    }
}
