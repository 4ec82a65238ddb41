package io.railhead.reward.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Speaks HTTP with the service under test.
record Client(HttpClient http, URI service, Optional<String> token) {
    record Answer(int status, String body) {
        JsonNode json() throws IOException {
            return new JsonMapper().readTree(body);
        }
    }

    static Client of(RewardService service) {
        return new Client(HttpClient.newHttpClient(), service.address(), Optional.empty());
    }

    /// @param shown the certificate that the client shows, if any
    static Client overTls(RewardService service, PemPair trusted, Optional<PemPair> shown)
            throws GeneralSecurityException, IOException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, null);
        roots.setCertificateEntry("root", store(trusted).getCertificate("server"));
        trust.init(roots);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(shown.isPresent() ? store(shown.get()) : null, PemPair.PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return new Client(HttpClient.newBuilder().sslContext(context).build(), service.address(), Optional.empty());
    }

    Client withToken(String shown) {
        return new Client(http, service, Optional.of(shown));
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(service.resolve(path)).GET());
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(service.resolve(path)).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
        HttpResponse<String> response =
                http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    private static KeyStore store(PemPair pair) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(pair.store())) {
            store.load(in, PemPair.PASSWORD);
        }
        return store;
    }
}
