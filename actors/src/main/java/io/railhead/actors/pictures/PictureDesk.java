package io.railhead.actors.pictures;

import io.railhead.actors.protocol.PictureCommand.ToDesk;
import io.railhead.actors.protocol.PictureCommand.ToFetcher;
import io.railhead.actors.stage.PromptLoadException;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/// Hands out the pictures of the controller's prompts, one a message, to whoever asks. One a run, on the controller's
/// node.
///
/// It keeps nothing: each question names the prompt, which is loaded again, so it answers after every restart and
/// resumption, as long as the prompt can be loaded. Every question is answered once; what is lost is asked again.
///
/// Loads files: spawn it on [io.railhead.actors.cluster.Dispatchers#BLOCKING]. Does not know: who has which picture.
public final class PictureDesk extends AbstractMatchingBehavior<ToDesk> {
    private final PictureSource pictures;

    /// @param key under which fetchers find it
    public static Behavior<ToDesk> create(ServiceKey<ToDesk> key, PictureSource pictures) {
        return Behaviors.setup(context -> new PictureDesk(context, key, pictures));
    }

    private PictureDesk(ActorContext<ToDesk> context, ServiceKey<ToDesk> key, PictureSource pictures) {
        super(context);
        this.pictures = pictures;
        context.getSystem().receptionist().tell(Receptionist.register(key, context.getSelf()));
    }

    @Override
    public Behavior<ToDesk> onMessage(ToDesk command) {
        return switch (command) {
            case ToDesk.SendPicture question -> onSendPicture(question);
            case ToDesk.Internal internal ->
                throw new IllegalStateException("the desk has no events of its own: " + internal);
        };
    }

    private Behavior<ToDesk> onSendPicture(ToDesk.SendPicture question) {
        try {
            question.replyTo().tell(new ToFetcher.PictureSent(pictures.find(question.promptId(), question.sha256())));
        } catch (PromptLoadException e) {
            getContext().getLog().warn("picture={} asked for in vain: {}", question.sha256(), e.getMessage());
            question.replyTo().tell(new ToFetcher.NoSuchPicture(question.sha256(), String.valueOf(e.getMessage())));
        }
        return this;
    }
}
