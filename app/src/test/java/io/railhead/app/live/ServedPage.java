package io.railhead.app.live;

import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.japi.function.Function;

/// The page on a port of its own, without a node.
final class ServedPage implements AutoCloseable {
    private final ActorSystem<Void> system;
    private final LiveApi api;
    private final ServerBinding binding;

    private ServedPage(ActorSystem<Void> system, LiveApi api, ServerBinding binding) {
        this.system = system;
        this.api = api;
        this.binding = binding;
    }

    static ServedPage of(Optional<Path> run, int listeners, Supplier<String> status) throws Exception {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "page",
                ConfigFactory.parseString("pekko.actor.provider = local").withFallback(ConfigFactory.load()));
        LiveApi api = new LiveApi(
                system,
                new LiveSources(
                        run, Duration.ofMillis(200), listeners, () -> CompletableFuture.completedFuture(status.get())));
        Function<HttpRequest, CompletionStage<HttpResponse>> answer =
                request -> api.answer(request).orElseGet(ServedPage::nothing);
        ServerBinding binding = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .bind(answer)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        return new ServedPage(system, api, binding);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + binding.localAddress().getPort());
    }

    LiveApi api() {
        return api;
    }

    @Override
    public void close() {
        api.stop();
        system.terminate();
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private static CompletionStage<HttpResponse> nothing() {
        return CompletableFuture.completedFuture(HttpResponse.create().withStatus(404));
    }
}
