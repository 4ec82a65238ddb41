package io.railhead.learner.objective;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The constraint of [M2PO](https://arxiv.org/abs/2510.01161): tokens are left out, the largest `(proximal -
/// behaviour)^2` first, until the mean over the others is below a bound. At least one token stays. Of equal
/// values the later token is left out first.
///
/// The bound is on the log-weights' second moment because it cannot cancel: drifts up and down add up in it.
final class SecondMoment {
    private SecondMoment() {}

    private record Place(double square, int sequence, int token) {}

    /// @param batch all responses of a minibatch
    /// @return the tokens left out, `[sequence][token]`
    static boolean[][] leftOut(List<SequenceTarget> batch, double bound) {
        List<Place> places = new ArrayList<>();
        boolean[][] leftOut = new boolean[batch.size()][];
        for (int i = 0; i < batch.size(); i++) {
            SequenceTarget target = batch.get(i);
            leftOut[i] = new boolean[target.size()];
            for (int t = 0; t < target.size(); t++) {
                if (target.lossMask()[t] && target.finiteAt(t)) {
                    double log = target.proximalAt(t) - target.behaviour()[t];
                    places.add(new Place(log * log, i, t));
                }
            }
        }
        places.sort(Comparator.comparingDouble(Place::square)
                .thenComparingInt(Place::sequence)
                .thenComparingInt(Place::token));
        double sum = 0;
        int kept = 0; // the largest prefix whose mean is below the bound; means of sorted prefixes never fall
        for (Place place : places) {
            sum += place.square();
            if (kept > 0 && !(sum < bound * (kept + 1))) {
                break;
            }
            kept++;
        }
        places.subList(kept, places.size()).forEach(place -> leftOut[place.sequence()][place.token()] = true);
        return leftOut;
    }
}
