package io.railhead.actors.cluster.gate;

import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.event.slf4j.Slf4jLoggingFilter;

/// What Pekko logs: warnings and errors, as SLF4J is set; details only where SLF4J asks for `debug`. And
/// always, for [RefusedConnections] and nobody else, which connections were cut: Pekko says that as a detail.
public final class PekkoLogFilter extends Slf4jLoggingFilter {
    private static final String CONNECTION = "org.apache.pekko.stream.impl.io.TcpConnectionStage$TcpStreamLogic";
    private static final String MATERIALIZER = "org.apache.pekko.stream.Materializer";

    /// Called by Pekko.
    public PekkoLogFilter(ActorSystem.Settings settings, EventStream events) {
        super(settings, events);
    }

    @Override
    public boolean isInfoEnabled(Class<?> source, String name) {
        return super.isDebugEnabled(source, name);
    }

    @Override
    public boolean isDebugEnabled(Class<?> source, String name) {
        return source.getName().equals(CONNECTION)
                || source.getName().equals(MATERIALIZER)
                || super.isDebugEnabled(source, name);
    }
}
