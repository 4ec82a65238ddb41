package io.railhead.rollout.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.policy.ModelDirectory;
import io.railhead.policy.PolicyVersion;
import io.railhead.policy.SafetensorsFile;
import io.railhead.policy.WeightsSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Brings weights to the server: as a model folder that it reads again.
record RemoteWeights(RemoteSettings settings, Dialect dialect, RemoteCalls calls, ModelDirectory model) {
    /// Those of the model folder.
    WeightsSnapshot base() {
        try {
            return new WeightsSnapshot(PolicyVersion.BASE, model.weights());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until the server has the weights; the caller has nothing running there meanwhile.
    void serve(WeightsSnapshot weights) {
        try {
            Files.createDirectories(settings.weights());
            model.copyCompanions(settings.weights());
            SafetensorsFile.write(
                    settings.weights().resolve(SafetensorsFile.SINGLE), weights.tensors(), Map.of("format", "pt"));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "weights %s for %s cannot be written: %s"
                            .formatted(weights.version(), settings.url(), e.getMessage()),
                    e);
        }
        for (Dialect.Call call : dialect.reload(settings.weights())) {
            switch (reply(calls.post(call, settings.reloadTimeout()))) {
                case RemoteCalls.Answered(JsonNode body) -> dialect.requireReloaded(body);
                case RemoteCalls.Refused(String cause) ->
                    throw new RemoteFailedException(
                            settings.url() + call.path() + " refused " + weights.version() + ": " + cause);
            }
        }
    }

    /// Bounded by the deadline of each attempt and their number.
    private static RemoteCalls.Reply reply(CompletableFuture<RemoteCalls.Reply> call) {
        try {
            return call.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RemoteFailedException("interrupted while the server took new weights", e);
        } catch (ExecutionException e) {
            throw new RemoteFailedException(String.valueOf(e.getMessage()), e);
        }
    }
}
