package io.railhead.app.tracing;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says once that deliveries fail, and once that they go on.
final class DeliveryReport implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryReport.class);

    private final SpanExporter exporter;
    private final String endpoint;
    private final AtomicBoolean failing = new AtomicBoolean();

    DeliveryReport(SpanExporter exporter, String endpoint) {
        this.exporter = exporter;
        this.endpoint = endpoint;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        result.whenComplete(() -> report(result));
        return result;
    }

    private void report(CompletableResultCode result) {
        if (failing.getAndSet(!result.isSuccess()) == result.isSuccess()) {
            if (result.isSuccess()) {
                LOG.info("{} takes traces again", endpoint);
            } else {
                Throwable cause = result.getFailureThrowable();
                LOG.warn(
                        "{} does not take traces, which are lost: {}",
                        endpoint,
                        cause == null ? "it refused them" : cause.toString());
            }
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
