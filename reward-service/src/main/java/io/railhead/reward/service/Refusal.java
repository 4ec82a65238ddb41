package io.railhead.reward.service;

import io.grpc.Status;

/// A request that is not served. The message is for the caller.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Why, in the terms of both doors.
    enum Kind {
        MALFORMED(400, Status.Code.INVALID_ARGUMENT),
        UNAUTHORISED(401, Status.Code.UNAUTHENTICATED),
        UNKNOWN(404, Status.Code.UNIMPLEMENTED),
        WRONG_METHOD(405, Status.Code.UNIMPLEMENTED),
        TOO_LARGE(413, Status.Code.RESOURCE_EXHAUSTED),
        BUSY(429, Status.Code.UNAVAILABLE),
        FAILED(500, Status.Code.INTERNAL),
        LATE(504, Status.Code.DEADLINE_EXCEEDED);

        private final int http;
        private final Status.Code grpc;

        Kind(int http, Status.Code grpc) {
            this.http = http;
            this.grpc = grpc;
        }

        int http() {
            return http;
        }

        Status.Code grpc() {
            return grpc;
        }
    }

    private final Kind kind;

    Refusal(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    String said() {
        return String.valueOf(getMessage());
    }

    /// What a failure on the way means to the caller.
    static Refusal of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal refusal) {
                return refusal;
            }
        }
        return new Refusal(Kind.FAILED, failure.toString());
    }
}
