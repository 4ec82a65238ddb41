package io.railhead.actors.telemetry;

import com.google.protobuf.ByteString;
import io.railhead.actors.wire.MalformedMessageException;
import io.railhead.protos.v1.Image;
import io.railhead.protos.v1.Prompt;
import io.railhead.protos.v1.RunEvent;
import java.util.HashMap;
import java.util.Map;

/// The pictures of one segment: each is in full in the first record that shows it, and by its hash in the others. A
/// picture of megabytes comes with every trajectory of its groups, and with its groups again and again.
final class SegmentPictures {
    private final Map<String, ByteString> known = new HashMap<>();

    /// The event with pictures that the segment already holds by hash alone.
    RunEvent shortened(RunEvent event) {
        if (!event.hasTrajectory()) {
            return event;
        }
        RunEvent.Builder shortened = event.toBuilder();
        for (Image.Builder image : prompt(shortened).getImagesBuilderList()) {
            if (known.containsKey(image.getSha256())) {
                image.clearData();
            }
        }
        return shortened.build();
    }

    /// The event in full. Call it for each record of the segment, in order.
    ///
    /// @throws MalformedMessageException if a picture is named that no record before it showed
    RunEvent restored(RunEvent event) throws MalformedMessageException {
        if (!event.hasTrajectory()) {
            return event;
        }
        RunEvent.Builder restored = event.toBuilder();
        for (Image.Builder image : prompt(restored).getImagesBuilderList()) {
            if (image.getData().isEmpty()) {
                ByteString data = known.get(image.getSha256());
                if (data == null) {
                    throw new MalformedMessageException("picture " + image.getSha256() + " was not shown before");
                }
                image.setData(data);
            }
        }
        RunEvent whole = restored.build();
        remember(whole);
        return whole;
    }

    /// Takes note of the pictures of an event that is now in the segment. The bytes are shared, not copied.
    void remember(RunEvent event) {
        for (Image image :
                event.getTrajectory().getRollout().getTask().getPrompt().getImagesList()) {
            if (!image.getData().isEmpty()) {
                known.putIfAbsent(image.getSha256(), image.getData());
            }
        }
    }

    void clear() {
        known.clear();
    }

    private static Prompt.Builder prompt(RunEvent.Builder event) {
        return event.getTrajectoryBuilder().getRolloutBuilder().getTaskBuilder().getPromptBuilder();
    }
}
