package io.railhead.policy.djl;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Requests that wait, in order, and the one long prompt that is being computed over several steps.
///
/// A step computes prompts of at most `prefillTokens` tokens together, so that running sequences do not wait long. A
/// longer prompt is cut at multiples of that number, and computed alone: where it is cut does not depend on what else
/// waits.
final class PromptQueue {
    private final int prefillTokens;
    private final KvCache cache;
    private final Deque<WaitingRequest> waiting = new ArrayDeque<>();
    private Optional<PromptGroup> unfinished = Optional.empty();

    PromptQueue(int prefillTokens, KvCache cache) {
        this.prefillTokens = prefillTokens;
        this.cache = cache;
    }

    void add(WaitingRequest request) {
        waiting.add(request);
    }

    /// Samples that have not begun.
    int samples() {
        return unfinished.map(group -> group.sequences().size()).orElse(0)
                + waiting.stream().mapToInt(WaitingRequest::samples).sum();
    }

    void cancel(String requestId) {
        waiting.removeIf(request -> request.request().id().equals(requestId));
        unfinished
                .filter(group -> group.sequences().getFirst().request().id().equals(requestId))
                .ifPresent(group -> {
                    group.sequences().forEach(sequence -> cache.release(sequence.blocks()));
                    unfinished = Optional.empty();
                });
    }

    /// The groups whose prompts the next step computes or goes on with; each has its cache blocks.
    ///
    /// @param freeSlots how many more sequences may run
    List<PromptGroup> next(int freeSlots) {
        if (unfinished.isPresent()) {
            List<PromptGroup> alone = List.of(unfinished.get());
            unfinished = Optional.empty();
            return alone;
        }
        List<PromptGroup> groups = new ArrayList<>();
        int free = freeSlots;
        int budget = prefillTokens;
        for (WaitingRequest next = waiting.peek(); next != null; next = waiting.peek()) {
            boolean fits = next.samples() <= free && next.blocks() <= cache.freeBlocks();
            boolean tooMuch = !groups.isEmpty() && next.prompt().size() > budget;
            if (!fits || tooMuch) {
                break;
            }
            groups.add(PromptGroup.admit(waiting.remove(), cache));
            free -= next.samples();
            budget -= next.prompt().size();
        }
        return groups;
    }

    /// Keeps a group whose prompt has tokens left for the next step.
    void goOnWith(PromptGroup group) {
        unfinished = Optional.of(group);
    }

    /// Begins the unfinished prompt again.
    void restart() {
        unfinished = unfinished.map(group -> new PromptGroup(group.sequences()));
    }
}
