package io.railhead.actors.cluster.gate;

import io.railhead.actors.security.Refusals;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.dispatch.RequiresMessageQueue;
import org.apache.pekko.event.LoggerMessageQueueSemantics;
import org.apache.pekko.event.Logging;

/// Hears from Pekko's log which connections were cut and why, and says it once for each address. A peer that
/// showed a certificate was named by the gate already.
public final class RefusedConnections extends AbstractActor
        implements RequiresMessageQueue<LoggerMessageQueueSemantics> {
    private static final Pattern CUT = Pattern.compile(
            "Aborting (?:tcp )?connection (?:from|to) (\\S+) because of (?:down|up)stream failure: (\\S+?)(?:: (.*))?",
            Pattern.DOTALL);

    private final Refusals refusals = new Refusals(Clock.systemUTC());

    record Cut(String host, String why) {}

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Logging.InitializeLogger.class, _ -> getSender().tell(Logging.loggerInitialized(), getSelf()))
                .match(
                        Logging.Debug.class,
                        event -> cut(String.valueOf(event.message()))
                                .ifPresent(cut -> refusals.refused(cut.host(), cut.why())))
                .matchAny(_ -> {})
                .build();
    }

    /// Pekko's sentence, if it is about bytes that are not what they should be. Connections that just ended are
    /// not refused.
    static Optional<Cut> cut(String line) {
        Matcher cut = CUT.matcher(line);
        if (!cut.matches()) {
            return Optional.empty();
        }
        String host = cut.group(1).replaceAll(":[0-9]+$", "").replaceAll("^.*/", "");
        String failure = cut.group(2);
        String why = cut.group(3) == null ? "" : cut.group(3);
        if (failure.endsWith("FramingException")) {
            return Optional.of(new Cut(host, "bytes that are not Artery's"));
        }
        return failure.equals(UnnamedPeerException.class.getName())
                ? Optional.of(
                        new Cut(host, "it shows no certificate that counts: " + why.replaceAll("^\\([a-z_]+\\) ", "")))
                : Optional.empty();
    }
}
