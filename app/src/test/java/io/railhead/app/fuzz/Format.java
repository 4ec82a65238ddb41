package io.railhead.app.fuzz;

import java.util.List;

/// A kind of bytes that something reads.
///
/// @param good inputs that are read without complaint
/// @param refusals what the reader may throw; nothing else
/// @param inputs how many damaged ones it gets
/// @param bytes that reading may allocate, apart from 256 for each of the input
record Format(
        String name,
        List<byte[]> good,
        Reader reader,
        List<Class<? extends Exception>> refusals,
        int inputs,
        long bytes) {
    private static final long MOST = 8 << 20;

    Format {
        good = List.copyOf(good);
        refusals = List.copyOf(refusals);
    }

    /// Reads all of the input.
    interface Reader {
        void read(byte[] input) throws Exception;
    }

    static Format of(
            String name, int inputs, List<byte[]> good, Reader reader, List<Class<? extends Exception>> refusals) {
        return new Format(name, good, reader, refusals, inputs, MOST);
    }

    Format allocating(long most) {
        return new Format(name, good, reader, refusals, inputs, most);
    }

    long mayAllocate(byte[] input) {
        return bytes + 256L * input.length;
    }

    @Override
    public String toString() {
        return name;
    }
}
