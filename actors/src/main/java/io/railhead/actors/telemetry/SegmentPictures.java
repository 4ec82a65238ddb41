package io.railhead.actors.telemetry;

import com.google.protobuf.ByteString;
import io.railhead.actors.wire.MalformedMessageException;
import io.railhead.protos.v1.Image;
import io.railhead.protos.v1.Prompt;
import io.railhead.protos.v1.RunEvent;
import java.util.HashMap;
import java.util.Map;

/// The pictures of a segment that is being read, as [ShownPictures] put them there.
final class SegmentPictures {
    private final Map<String, ByteString> known = new HashMap<>();

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

    /// The bytes are shared, not copied.
    private void remember(RunEvent event) {
        for (Image image :
                event.getTrajectory().getRollout().getTask().getPrompt().getImagesList()) {
            known.putIfAbsent(image.getSha256(), image.getData());
        }
    }

    private static Prompt.Builder prompt(RunEvent.Builder event) {
        return event.getTrajectoryBuilder().getRolloutBuilder().getTaskBuilder().getPromptBuilder();
    }
}
