package io.railhead.policy.djl;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/// Bytes that the C library has handed out and not got back, less what the JVM holds of them for its own work:
/// tensors and direct buffers are left. The JVM's compiler alone keeps a pool of memory that comes and goes by tens
/// of megabytes, which would hide a leak, or look like one.
final class NativeHeap {
    private static final Pattern ALL_OF_THE_JVM = Pattern.compile("malloc: (\\d+) ");
    private static final Pattern BUFFERS = Pattern.compile("\\(malloc=(\\d+) tag=Other ");
    private static final long STILL = 64 << 10; // bytes
    private static final int MAPPED = 4; // fields of glibc's struct mallinfo2, each of 8 bytes
    private static final int IN_USE = 7;
    private static final MemoryLayout MALLINFO2 =
            MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG));

    @SuppressWarnings("restricted") // a call without arguments
    private static final MethodHandle CALL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("mallinfo2").orElseThrow(),
                    FunctionDescriptor.of(MALLINFO2));

    private NativeHeap() {}

    /// The two counts cannot be taken at one instant: they are taken again while the JVM's own use moves.
    ///
    /// @throws Throwable as the signature of a native call has it
    static long bytesInUse() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            while (true) {
                long before = ownUseOfTheJvm();
                MemorySegment info = (MemorySegment) CALL.invokeExact((SegmentAllocator) arena);
                long after = ownUseOfTheJvm();
                if (Math.abs(after - before) < STILL) {
                    return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED)
                            + info.getAtIndex(ValueLayout.JAVA_LONG, IN_USE)
                            - after;
                }
            }
        }
    }

    private static long ownUseOfTheJvm() throws JMException {
        String report = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "vmNativeMemory",
                        new Object[] {new String[] {"summary", "scale=B"}},
                        new String[] {String[].class.getName()});
        return bytes(ALL_OF_THE_JVM, report) - bytes(BUFFERS, report);
    }

    private static long bytes(Pattern line, String report) {
        Matcher found = line.matcher(report);
        if (!found.find()) {
            throw new IllegalStateException("run with -XX:NativeMemoryTracking=summary, the JVM says: " + report);
        }
        return Long.parseLong(found.group(1));
    }
}
