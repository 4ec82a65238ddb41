package io.railhead.transit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Which stations of one line are neighbours, and so how far apart any two are.
///
/// A call is a place in the line's list. Neighbours in the list are neighbours on the line, but for the first
/// station of a branch, whose neighbour is the station that the branch starts from; on a loop the last call is next
/// to the first as well, and a layout may name further neighbours. A name that comes twice is two calls: a train
/// does not get from one to the other but along the line.
public final class LineShape {
    private static final int UNREACHED = -1;

    private final List<String> stations;
    private final int[][] distances; // [call][call]
    private final int[][] ways; // how many shortest ways there are, at most 2
    private final int[][] towards; // [from][to] the call before `to` on the way from `from`
    private final Map<String, List<Integer>> calls = new HashMap<>();
    private final int certainUpTo; // calls behind this one may be trunk or branch
    private final int[] stretch; // [call] of calls with equal numbers it is certain that the list is the way

    public LineShape(List<String> stations, LineLayout layout) {
        this.stations = List.copyOf(stations);
        int count = isClosed(stations) ? stations.size() - 1 : stations.size(); // the repeated end is the first call
        for (int i = 0; i < count; i++) {
            calls.computeIfAbsent(stations.get(i), _ -> new ArrayList<>()).add(i);
        }
        distances = new int[count][count];
        ways = new int[count][count];
        towards = new int[count][count];
        int[][] near = neighbours(layout);
        for (int i = 0; i < count; i++) {
            search(i, near);
        }
        int mark = layout.unlocated() == null ? UNREACHED : stations.indexOf(layout.unlocated());
        certainUpTo = mark < 0 ? count : mark;
        stretch = stretches(layout, count);
    }

    /// A name that comes again may be another station, or the station where a branch begins: then it is no
    /// neighbour of what stands before it.
    private int[] stretches(LineLayout layout, int count) {
        int[] numbers = new int[count];
        for (int i = 1; i < count; i++) {
            boolean again = !layout.told() && stations.indexOf(stations.get(i)) < i;
            numbers[i] = numbers[i - 1] + (again ? 1 : 0);
        }
        return numbers;
    }

    /// Whether the list repeats its first station at its end, which is how station files write a loop.
    public static boolean isClosed(List<String> stations) {
        return stations.size() > 2 && stations.getFirst().equals(stations.getLast());
    }

    /// How many stations further the other one is by the shorter way: 1 for neighbours. None if the line doesn't
    /// serve both or they are one.
    public OptionalInt stops(String from, String to) {
        int[] pair = closest(from, to);
        return pair.length == 0 || distances[pair[0]][pair[1]] == 0
                ? OptionalInt.empty()
                : OptionalInt.of(distances[pair[0]][pair[1]]);
    }

    /// The stations that a ride by the shorter way passes, in order, without the two ends.
    public List<String> between(String from, String to) {
        int[] pair = closest(from, to);
        var passed = new ArrayList<String>();
        if (pair.length > 0) {
            for (int call = towards[pair[0]][pair[1]]; call != pair[0]; call = towards[pair[0]][call]) {
                passed.add(stations.get(call));
            }
        }
        Collections.reverse(passed);
        return List.copyOf(passed);
    }

    /// Whether a question about the way between two stations has one answer: both names come once, neither lies
    /// where trunk and branch cannot be told apart, and no name between them comes again without anybody saying
    /// why.
    public boolean isCertain(String from, String to) {
        return isCertain(from) && isCertain(to) && stretch[stations.indexOf(from)] == stretch[stations.indexOf(to)];
    }

    /// Whether there is one shortest way only; on a loop there may be two.
    public boolean hasOneWay(String from, String to) {
        int[] pair = closest(from, to);
        return pair.length > 0 && ways[pair[0]][pair[1]] == 1;
    }

    /// How many calls there are: one for each place in the list, but none for the repeated end of a closed one.
    int calls() {
        return distances.length;
    }

    String stationAt(int call) {
        return stations.get(call);
    }

    /// The distance between two calls, by their places in the list.
    int distance(int from, int to) {
        return distances[from][to];
    }

    private boolean isCertain(String station) {
        List<Integer> places = calls.getOrDefault(station, List.of());
        return places.size() == 1 && places.getFirst() <= certainUpTo;
    }

    private int[] closest(String from, String to) {
        int[] best = {};
        for (int a : calls.getOrDefault(from, List.of())) {
            for (int b : calls.getOrDefault(to, List.of())) {
                boolean reached = distances[a][b] != UNREACHED;
                if (reached && (best.length == 0 || distances[a][b] < distances[best[0]][best[1]])) {
                    best = new int[] {a, b};
                }
            }
        }
        return best;
    }

    private int[][] neighbours(LineLayout layout) {
        int count = distances.length;
        List<List<Integer>> near = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            near.add(new ArrayList<>());
        }
        Map<Integer, Integer> starts = new HashMap<>(); // first call of a branch -> call that it starts from
        for (LineLayout.Branch branch : layout.branches()) {
            int from = stations.indexOf(branch.from());
            int first = stations.indexOf(branch.first());
            if (from < 0 || first <= from) {
                throw new IllegalArgumentException("no branch from %s that begins with %s in %s"
                        .formatted(branch.from(), branch.first(), stations));
            }
            starts.put(first, from);
        }
        for (int i = 1; i < count; i++) {
            join(near, starts.getOrDefault(i, i - 1), i);
        }
        for (LineLayout.Join join : layout.joins()) {
            if (!calls.containsKey(join.a()) || !calls.containsKey(join.b())) {
                throw new IllegalArgumentException("no %s beside %s in %s".formatted(join.a(), join.b(), stations));
            }
            join(near, stations.indexOf(join.a()), stations.indexOf(join.b()));
        }
        if (count > 2 && (layout.loop() || count < stations.size())) {
            join(near, 0, count - 1);
        }
        return near.stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    private static void join(List<List<Integer>> near, int a, int b) {
        near.get(a).add(b);
        near.get(b).add(a);
    }

    /// Breadth first along the line.
    private void search(int from, int[][] near) {
        Arrays.fill(distances[from], UNREACHED);
        distances[from][from] = 0;
        towards[from][from] = from;
        ways[from][from] = 1;
        var queue = new ArrayDeque<Integer>(List.of(from));
        while (!queue.isEmpty()) {
            int call = queue.remove();
            for (int next : near[call]) {
                if (distances[from][next] == UNREACHED) {
                    distances[from][next] = distances[from][call] + 1;
                    towards[from][next] = call;
                    queue.add(next);
                }
                if (distances[from][next] == distances[from][call] + 1) {
                    ways[from][next] = Math.min(2, ways[from][next] + ways[from][call]);
                }
            }
        }
    }
}
