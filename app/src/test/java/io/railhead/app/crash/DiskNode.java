package io.railhead.app.crash;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A file or directory as processes see it, and as it is on the disk.
///
/// What was not flushed is on the disk in part: of a directory any choice of its changes of names, in their order; of a
/// file the old contents, the new ones, the new ones up to some byte, or with a hole where data had not come yet.
abstract sealed class DiskNode {
    /// What is on the disk when the power is cut now.
    DiskNode afterPowerCut(Random chance) {
        return afterPowerCut(chance, new IdentityHashMap<>());
    }

    private DiskNode afterPowerCut(Random chance, Map<DiskNode, DiskNode> done) {
        DiskNode known = done.get(this);
        if (known == null) {
            known = switch (this) {
                case File file -> file.torn(chance);
                case Directory directory -> directory.torn(chance, done);
            };
            done.put(this, known);
        }
        return known;
    }

    static final class File extends DiskNode {
        private byte[] seen = {};
        private byte[] durable = {};

        byte[] contents() {
            return seen;
        }

        void write(byte[] bytes) {
            seen = bytes;
        }

        void flush() {
            durable = seen;
        }

        private File torn(Random chance) {
            File left = new File();
            int same = common(durable, seen);
            left.seen = switch (Arrays.equals(durable, seen) ? 0 : chance.nextInt(4)) {
                case 0 -> durable;
                case 1 -> seen;
                case 2 -> Arrays.copyOf(seen, same + chance.nextInt(seen.length - same + 1));
                default -> withHole(same, chance);
            };
            left.durable = left.seen;
            return left;
        }

        private byte[] withHole(int from, Random chance) {
            byte[] holed = seen.clone();
            if (from < holed.length) {
                int start = from + chance.nextInt(holed.length - from);
                Arrays.fill(holed, start, start + 1 + chance.nextInt(holed.length - start), (byte) 0);
            }
            return holed;
        }

        private static int common(byte[] a, byte[] b) {
            int mismatch = Arrays.mismatch(a, b);
            return mismatch < 0 ? a.length : mismatch;
        }
    }

    static final class Directory extends DiskNode {
        /// A change of names that is seen, and not flushed.
        private sealed interface Change {
            void on(Map<String, DiskNode> entries);
        }

        private record Put(String name, DiskNode node) implements Change {
            @Override
            public void on(Map<String, DiskNode> entries) {
                entries.put(name, node);
            }
        }

        private record Remove(String name) implements Change {
            @Override
            public void on(Map<String, DiskNode> entries) {
                entries.remove(name);
            }
        }

        private record Rename(String from, String to, DiskNode node) implements Change {
            @Override
            public void on(Map<String, DiskNode> entries) {
                entries.remove(from);
                entries.put(to, node);
            }
        }

        private final Map<String, DiskNode> seen = new TreeMap<>();
        private final Map<String, DiskNode> durable = new TreeMap<>();
        private final List<Change> changes = new ArrayList<>();

        Map<String, DiskNode> entries() {
            return seen;
        }

        void put(String name, DiskNode node) {
            change(new Put(name, node));
        }

        void remove(String name) {
            change(new Remove(name));
        }

        void rename(String from, String to) {
            change(new Rename(from, to, requireNonNull(seen.get(from))));
        }

        private void change(Change change) {
            change.on(seen);
            changes.add(change);
        }

        void flush() {
            changes.forEach(change -> change.on(durable));
            changes.clear();
        }

        private Directory torn(Random chance, Map<DiskNode, DiskNode> done) {
            Map<String, DiskNode> left = new TreeMap<>(durable);
            int way = chance.nextInt(4); // none, all, the first ones, any
            int first = chance.nextInt(changes.size() + 1);
            for (int i = 0; i < changes.size(); i++) {
                boolean there = switch (way) {
                    case 0 -> false;
                    case 1 -> true;
                    case 2 -> i < first;
                    default -> chance.nextBoolean();
                };
                if (there) {
                    changes.get(i).on(left);
                }
            }
            Directory torn = new Directory();
            left.forEach((name, node) -> {
                DiskNode then = node.afterPowerCut(chance, done);
                torn.seen.put(name, then);
                torn.durable.put(name, then);
            });
            return torn;
        }
    }
}
