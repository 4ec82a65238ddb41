package io.railhead.learner;

import io.railhead.learner.TrainingBatch.Item;
import java.util.ArrayList;
import java.util.List;

/// Cuts a minibatch into pieces that fit into memory in one pass.
///
/// Deterministic and in order: rows are taken one after the other until the next would exceed the budget. A row
/// above the budget is cut between its continuations, each piece with the whole prefix; only a single continuation
/// with its prefix may exceed the budget. The loss does not depend on the cuts, since its denominators are of the
/// minibatch.
final class Microbatches {
    private Microbatches() {}

    /// @param tokenBudget most tokens of a microbatch, prefixes and continuations together
    static List<List<Item>> split(List<Item> items, int tokenBudget) {
        List<List<Item>> microbatches = new ArrayList<>();
        List<Item> current = new ArrayList<>();
        long tokens = 0;
        for (Item item :
                items.stream().flatMap(i -> pieces(i, tokenBudget).stream()).toList()) {
            if (!current.isEmpty() && tokens + tokens(item) > tokenBudget) {
                microbatches.add(List.copyOf(current));
                current.clear();
                tokens = 0;
            }
            current.add(item);
            tokens += tokens(item);
        }
        if (!current.isEmpty()) {
            microbatches.add(List.copyOf(current));
        }
        return microbatches;
    }

    private static List<Item> pieces(Item item, int tokenBudget) {
        List<Item> pieces = new ArrayList<>();
        int from = 0;
        long tokens = item.row().prefix().size();
        for (int i = 0; i < item.sequences().size(); i++) {
            int length = item.row().continuations().get(i).size();
            if (i > from && tokens + length > tokenBudget) {
                pieces.add(item.slice(from, i));
                from = i;
                tokens = item.row().prefix().size();
            }
            tokens += length;
        }
        pieces.add(from == 0 ? item : item.slice(from, item.sequences().size()));
        return pieces;
    }

    static long tokens(Item item) {
        return item.row().prefix().size()
                + item.row().continuations().stream().mapToLong(c -> c.size()).sum();
    }
}
