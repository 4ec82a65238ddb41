package io.railhead.app.run;

import io.railhead.policy.FinishedSequence;
import io.railhead.policy.GenerationEngine;
import io.railhead.policy.GenerationRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/// Runs an engine on the calling thread until all requests are answered.
public final class Responses {
    private Responses() {}

    /// The responses in the order of the requests and of their samples. The engine gets a request when its turn is
    /// near, since it decodes the pictures of all that wait in it.
    ///
    /// @param progress hears after each decode step how many sequences have ended
    public static List<FinishedSequence> to(
            List<GenerationRequest> requests, GenerationEngine engine, IntConsumer progress) {
        Map<String, FinishedSequence> finished = new HashMap<>();
        Iterator<GenerationRequest> waiting = requests.iterator();
        while (waiting.hasNext() || engine.pending() > 0) {
            while (waiting.hasNext() && engine.pending() < engine.slots() * 3 / 2) {
                engine.submit(waiting.next());
            }
            step(engine, finished, progress);
        }
        return ordered(requests, finished);
    }

    /// The same for requests that the engine has got already.
    public static List<FinishedSequence> ofSubmitted(
            List<GenerationRequest> requests, GenerationEngine engine, IntConsumer progress) {
        Map<String, FinishedSequence> finished = new HashMap<>();
        while (engine.pending() > 0) {
            step(engine, finished, progress);
        }
        return ordered(requests, finished);
    }

    private static void step(GenerationEngine engine, Map<String, FinishedSequence> finished, IntConsumer progress) {
        for (FinishedSequence sequence : engine.step()) {
            finished.put(key(sequence.requestId(), sequence.sampleIndex()), sequence);
        }
        progress.accept(finished.size());
    }

    private static List<FinishedSequence> ordered(
            List<GenerationRequest> requests, Map<String, FinishedSequence> finished) {
        List<FinishedSequence> ordered = new ArrayList<>();
        for (GenerationRequest request : requests) {
            for (int sample : request.sampleIndices()) {
                FinishedSequence sequence = finished.get(key(request.id(), sample));
                if (sequence == null) {
                    throw new IllegalStateException("the engine lost sample " + sample + " of " + request.id());
                }
                ordered.add(sequence);
            }
        }
        return ordered;
    }

    private static String key(String requestId, int sampleIndex) {
        return requestId + "#" + sampleIndex;
    }
}
