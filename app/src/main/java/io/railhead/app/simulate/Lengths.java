package io.railhead.app.simulate;

import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// How long responses are, in tokens.
public sealed interface Lengths {
    /// Of one response, at least 1.
    ///
    /// @param seed of its group
    /// @param sampleIndex in the group
    /// @param random of the response alone
    int draw(long seed, int sampleIndex, SplittableRandom random);

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
        public int draw(long seed, int sampleIndex, SplittableRandom random) {
            return tokens.get(random.nextInt(tokens.size()));
        }

        @Override
        public String describe() {
            return "%d given lengths, %s".formatted(tokens.size(), meanAndLongest(tokens));
        }
    }

    /// Any of these groups, equally often: responses to one prompt are alike in length, so a group ends sooner after
    /// its
    /// first response than if each were drawn for itself.
    record GivenGroups(List<List<Integer>> groups) implements Lengths {
        public GivenGroups {
            groups = groups.stream().map(List::copyOf).toList();
            if (groups.isEmpty()
                    || groups.stream()
                            .anyMatch(group -> group.isEmpty() || group.stream().anyMatch(l -> l < 1))) {
                throw new IllegalArgumentException("groups of lengths are given, and each length is at least 1");
            }
        }

        @Override
        public int draw(long seed, int sampleIndex, SplittableRandom random) {
            List<Integer> group = groups.get(new SplittableRandom(~seed).nextInt(groups.size()));
            return group.get(sampleIndex % group.size());
        }

        @Override
        public String describe() {
            return "those of %d recorded groups, %s"
                    .formatted(
                            groups.size(),
                            meanAndLongest(groups.stream().flatMap(List::stream).toList()));
        }
    }

    private static String meanAndLongest(List<Integer> tokens) {
        IntSummaryStatistics all = tokens.stream().mapToInt(Integer::intValue).summaryStatistics();
        return String.format(Locale.ROOT, "mean %.1f, longest %d", all.getAverage(), all.getMax());
    }

    /// Log-normal, cut off at the limit, where the response ends unfinished.
    ///
    /// @param median tokens
    /// @param sigma of the logarithm
    record LogNormal(double median, double sigma, int limit) implements Lengths {
        @Override
        public int draw(long seed, int sampleIndex, SplittableRandom random) {
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
        public int draw(long seed, int sampleIndex, SplittableRandom random) {
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
