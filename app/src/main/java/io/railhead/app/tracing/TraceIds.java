package io.railhead.app.tracing;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.railhead.actors.protocol.Incarnation;
import io.railhead.actors.protocol.LeaseId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The trace of a lease, and the id of its first span: a hash of run, life and lease, so that every node knows it.
record TraceIds(String trace, String root) {
    private static final int TRACE = 16;
    private static final int SPAN = 8;

    static TraceIds of(String run, Incarnation life, LeaseId lease) {
        byte[] hash = hash(run, life, lease);
        HexFormat hex = HexFormat.of();
        return new TraceIds(hex.formatHex(hash, 0, TRACE), hex.formatHex(hash, TRACE, TRACE + SPAN));
    }

    /// Whether a lease is among the `share` that is traced: all nodes agree.
    static boolean traced(double share, String run, Incarnation life, LeaseId lease) {
        long bits = ByteBuffer.wrap(hash(run, life, lease)).getLong(TRACE + SPAN) >>> 11; // 53 of them
        return bits < share * 0x1p53;
    }

    /// The first span, as seen from another node.
    SpanContext context() {
        return SpanContext.createFromRemoteParent(trace, root, TraceFlags.getSampled(), TraceState.getDefault());
    }

    private static byte[] hash(String run, Incarnation life, LeaseId lease) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest("%s\n%d\n%d"
                            .formatted(run, life.number(), lease.ordinal())
                            .getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }
}
