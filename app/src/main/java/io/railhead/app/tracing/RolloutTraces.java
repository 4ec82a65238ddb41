package io.railhead.app.tracing;

import com.typesafe.config.Config;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.railhead.actors.protocol.Incarnation;
import java.io.Closeable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/// What a node tells a collector of the rollouts that it has to do with. Thread-safe.
///
/// Spans wait in a queue of [#QUEUE] for their delivery, and those beyond it are dropped: a collector that is away
/// costs
/// nothing but its traces.
public final class RolloutTraces implements Closeable {
    private static final int QUEUE = 8192;
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(RolloutTraces.class);

    // Kept, or its level would be forgotten: what fails is said once by [DeliveryReport].
    private static final Logger EXPORTER = Logger.getLogger("io.opentelemetry");

    private final Optional<SdkTracerProvider> provider;
    private final TraceSettings settings;
    private final String run;
    private final InstantSource clock;

    private RolloutTraces(
            Optional<SdkTracerProvider> provider, TraceSettings settings, String run, InstantSource clock) {
        this.provider = provider;
        this.settings = settings;
        this.run = run;
        this.clock = clock;
    }

    /// As the settings say.
    ///
    /// @param directory of the run
    /// @param node names this node among all
    public static RolloutTraces start(Config config, Path directory, String node, InstantSource clock) {
        TraceSettings settings = TraceSettings.from(config);
        String run = settings.run()
                .orElseGet(() ->
                        directory.toAbsolutePath().normalize().getFileName().toString());
        if (settings.endpoint().isEmpty()) {
            return new RolloutTraces(Optional.empty(), settings, run, clock);
        }
        EXPORTER.setLevel(Level.OFF);
        URI endpoint = settings.endpoint().get();
        SpanExporter exporter = new DeliveryReport(
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(endpoint.toString())
                        .setTimeout(settings.timeout())
                        .build(),
                endpoint.toString());
        return to(
                BatchSpanProcessor.builder(exporter)
                        .setMaxQueueSize(QUEUE)
                        .setExporterTimeout(settings.timeout())
                        .setScheduleDelay(Duration.ofSeconds(1))
                        .build(),
                settings,
                run,
                node,
                clock);
    }

    static RolloutTraces to(
            SpanProcessor processor, TraceSettings settings, String run, String node, InstantSource clock) {
        Attributes about = Attributes.builder()
                .put(AttributeKey.stringKey("service.name"), "railhead")
                .put(AttributeKey.stringKey("service.instance.id"), node)
                .put(AttributeKey.stringKey("railhead.run"), run)
                .build();
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(about)))
                .setIdGenerator(RootIds.GENERATOR)
                .addSpanProcessor(processor)
                .build();
        return new RolloutTraces(Optional.of(provider), settings, run, clock);
    }

    /// What the node's actors of one life are watched with.
    public LifeTraces of(Incarnation life) {
        Optional<Tracer> tracer = provider.map(sdk -> sdk.get("io.railhead"));
        return tracer.isEmpty() || settings.share() == 0
                ? new LifeTraces(Optional.empty())
                : new LifeTraces(Optional.of(new RolloutSpans(tracer.get(), settings.share(), run, life, clock)));
    }

    /// Delivers what is left, for as long as the timeout at the most.
    @Override
    public void close() {
        provider.ifPresent(sdk -> {
            if (!sdk.shutdown()
                    .join(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .isSuccess()) {
                LOG.warn("the last traces were not delivered");
            }
        });
    }
}
