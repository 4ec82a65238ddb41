package io.railhead.app.simulate;

import io.railhead.actors.telemetry.DroppedWork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How the groups that were dropped differ in length from those that were trained. Lengths are those that the
/// responses have or would have had.
///
/// @param responses by their own length, shortest first
/// @param groups by the longest of their responses
public record DroppedByLength(
        long trained,
        long dropped,
        double meanTrained,
        double meanDropped,
        List<Quarter> responses,
        List<Quarter> groups) {
    /// Those longer than the quarter before and not longer than `longest` tokens.
    public record Quarter(int longest, long all, long dropped) {
        public double share() {
            return all == 0 ? 0 : (double) dropped / all;
        }
    }

    /// A group that ended.
    ///
    /// @param tokens of its responses
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Ended(boolean isTrained, int[] tokens) {}

    public DroppedByLength {
        responses = List.copyOf(responses);
        groups = List.copyOf(groups);
    }

    static DroppedByLength of(List<Ended> ended) {
        long trained = ended.stream().filter(Ended::isTrained).count();
        return new DroppedByLength(
                trained,
                ended.size() - trained,
                mean(ended, true),
                mean(ended, false),
                quarters(ended.stream()
                        .flatMap(group -> Arrays.stream(group.tokens())
                                .mapToObj(tokens -> new Ended(group.isTrained(), new int[] {tokens})))
                        .toList()),
                quarters(ended.stream()
                        .map(group -> new Ended(
                                group.isTrained(),
                                Arrays.stream(group.tokens()).max().stream().toArray()))
                        .toList()));
    }

    public double share() {
        return trained + dropped == 0 ? 0 : (double) dropped / (trained + dropped);
    }

    private static double mean(List<Ended> ended, boolean isTrained) {
        return ended.stream()
                .filter(group -> group.isTrained() == isTrained)
                .flatMapToInt(group -> Arrays.stream(group.tokens()))
                .average()
                .orElse(0);
    }

    /// @param each with one length
    private static List<Quarter> quarters(List<Ended> each) {
        int[] bounds = DroppedWork.bounds(
                each.stream().mapToInt(one -> one.tokens()[0]).sorted().toArray());
        long[] all = new long[bounds.length];
        long[] dropped = new long[bounds.length];
        for (Ended one : each) {
            int quarter = DroppedWork.quarter(bounds, one.tokens()[0]);
            all[quarter]++;
            dropped[quarter] += one.isTrained() ? 0 : 1;
        }
        List<Quarter> quarters = new ArrayList<>();
        for (int i = 0; i < bounds.length; i++) {
            quarters.add(new Quarter(bounds[i], all[i], dropped[i]));
        }
        return quarters;
    }
}
