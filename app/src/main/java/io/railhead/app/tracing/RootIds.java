package io.railhead.app.tracing;

import io.opentelemetry.sdk.trace.IdGenerator;
import java.util.Optional;
import java.util.function.Supplier;

/// Random ids, but for spans that are started within [#with].
enum RootIds implements IdGenerator {
    GENERATOR;

    private static final ThreadLocal<Optional<TraceIds>> GIVEN = ThreadLocal.withInitial(Optional::empty);

    static <T> T with(TraceIds ids, Supplier<T> start) {
        GIVEN.set(Optional.of(ids));
        try {
            return start.get();
        } finally {
            GIVEN.remove();
        }
    }

    @Override
    public String generateSpanId() {
        return GIVEN.get().map(TraceIds::root).orElseGet(IdGenerator.random()::generateSpanId);
    }

    @Override
    public String generateTraceId() {
        return GIVEN.get().map(TraceIds::trace).orElseGet(IdGenerator.random()::generateTraceId);
    }
}
