package io.railhead.app.simulate;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// How long responses are, in tokens.
public sealed interface Lengths {
    /// At least 1.
    int draw(SplittableRandom random);

    /// For people.
    String describe();

    /// Any of these, equally often: lengths that were seen.
    record Given(List<Integer> tokens) implements Lengths {
        public Given {
            tokens = List.copyOf(tokens);
            if (tokens.isEmpty() || tokens.stream().anyMatch(length -> length < 1)) {
                throw new IllegalArgumentException("lengths are given, and each is at least 1");
            }
        }

        @Override
        public int draw(SplittableRandom random) {
            return tokens.get(random.nextInt(tokens.size()));
        }

        @Override
        public String describe() {
            int[] sorted = tokens.stream().mapToInt(Integer::intValue).sorted().toArray();
            return String.format(
                    Locale.ROOT,
                    "%d given lengths, mean %.1f, longest %d",
                    sorted.length,
                    Arrays.stream(sorted).average().orElseThrow(),
                    sorted[sorted.length - 1]);
        }
    }

    /// Log-normal, cut off at the limit, where the response ends unfinished.
    ///
    /// @param median tokens
    /// @param sigma of the logarithm
    record LogNormal(double median, double sigma, int limit) implements Lengths {
        @Override
        public int draw(SplittableRandom random) {
            return cut(median * Math.exp(sigma * random.nextGaussian()), limit);
        }

        @Override
        public String describe() {
            return String.format(
                    Locale.ROOT, "log-normal, median %.0f, sigma %.2f, at most %d tokens", median, sigma, limit);
        }
    }

    /// Log-normal, but a share of the responses, those that think long, is from a Pareto tail above the median.
    ///
    /// @param tail share of the responses
    /// @param alpha of the Pareto distribution: the lower, the heavier
    record HeavyTail(double median, double sigma, double tail, double alpha, int limit) implements Lengths {
        @Override
        public int draw(SplittableRandom random) {
            double tokens = random.nextDouble() < tail
                    ? median * Math.pow(1 - random.nextDouble(), -1 / alpha)
                    : median * Math.exp(sigma * random.nextGaussian());
            return cut(tokens, limit);
        }

        @Override
        public String describe() {
            return String.format(
                    Locale.ROOT,
                    "log-normal, median %.0f, sigma %.2f, with %.0f %% from a Pareto tail of alpha %.2f, at most %d"
                            + " tokens",
                    median,
                    sigma,
                    100 * tail,
                    alpha,
                    limit);
        }
    }

    private static int cut(double tokens, int limit) {
        return Math.clamp(Math.round(tokens), 1, limit);
    }
}
