package io.railhead.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import io.railhead.actors.security.NodeIdentity;
import io.railhead.app.run.UsageException;
import io.railhead.app.status.HttpSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead status`.
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "How a run is, asked of any of its nodes: who leads, the ledger, the members, who waits for whom.",
            "With security.tls=on it asks over HTTPS and shows this node's certificate."
        })
final class StatusCommand implements Callable<Integer> {
    @Option(
            names = "--node",
            paramLabel = "H:P",
            description = "Where a node serves HTTP (default: http.host and http.port of the settings).")
    private @Nullable String node;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "The longest wait (default: 10).")
    private int timeout = 10;

    @Option(names = "--json", description = "What the node said, one JSON object.")
    private boolean json;

    @Mixin
    private SettingsOptions settings = new SettingsOptions();

    private final Terminal terminal;

    StatusCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (timeout < 1) {
            throw new UsageException("--timeout must be at least 1, not " + timeout);
        }
        Config config = settings.layers(Optional.empty(), Map.of()).resolve();
        Optional<NodeIdentity> identity = NodeIdentity.of(config);
        URI uri = uri(config, identity.isPresent());
        JsonNode status = Json.object(asked(uri, identity), uri.toString());
        if (json) {
            terminal.out().println(status);
        } else {
            terminal.out().print(StatusText.of(status));
        }
        return 0;
    }

    private URI uri(Config config, boolean secured) {
        String at = node;
        if (at == null) {
            HttpSettings own = HttpSettings.from(config);
            at = own.host() + ":" + own.port();
        }
        if (!at.matches("[^:/@?#\\s]+:[0-9]{1,5}")) {
            throw new UsageException("--node takes HOST:PORT, not " + at);
        }
        return URI.create((secured ? "https://" : "http://") + at + "/status");
    }

    private String asked(URI uri, Optional<NodeIdentity> identity) throws InterruptedException {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(timeout));
        identity.ifPresent(own -> builder.sslContext(own.sslContext()));
        try (HttpClient client = builder.build()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(uri)
                            .timeout(Duration.ofSeconds(timeout))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new UsageException(uri + " answers " + response.statusCode() + ": "
                        + response.body().strip());
            }
            return response.body();
        } catch (HttpTimeoutException _) {
            throw new UsageException("no node answers at %s within %d s".formatted(uri, timeout));
        } catch (ConnectException _) { // says nothing of its own
            throw new UsageException("no node listens at " + uri);
        } catch (SSLException e) {
            throw new UsageException("TLS with " + uri + " does not work: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UsageException(
                    uri + " does not answer as a node does (" + e.getMessage() + "); is security.tls set as there?", e);
        }
    }
}
