package io.railhead.actors.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Certificates for tests, each made once a JVM: from the cluster's authority or from another one of the same
/// name.
public final class Authorities {
    public static final Set<String> HERE = Set.of("localhost", "127.0.0.1");

    private static final Map<String, CredentialFiles> MADE = new ConcurrentHashMap<>();
    private static final Path ROOT = root();

    private Authorities() {}

    /// Of the trusted authority, for this machine.
    public static CredentialFiles trusted(String node, String... roles) {
        return MADE.computeIfAbsent(node + List.of(roles), _ -> made("trusted", node, List.of(roles), HERE, List.of()));
    }

    /// Of an authority with the same name and another key.
    public static CredentialFiles foreign(String node, String... roles) {
        return MADE.computeIfAbsent(
                "foreign " + node + List.of(roles), _ -> made("foreign", node, List.of(roles), HERE, List.of()));
    }

    /// Of the trusted authority, for another machine than this.
    public static CredentialFiles elsewhere(String node, String... roles) {
        return MADE.computeIfAbsent(
                "elsewhere " + node + List.of(roles),
                _ -> made("trusted", node, List.of(roles), Set.of("elsewhere.example"), List.of()));
    }

    /// What somebody has who made up for himself what the trusted authority did not give him.
    public static SSLContext context(CredentialFiles files) {
        return new Credentials(
                        Pem.certificates(files.certificate()),
                        Pem.privateKey(files.key()),
                        Pem.certificates(trusted("rollout-1", "rollout").ca()))
                .context(judge -> judge);
    }

    /// A client that believes the trusted authority and shows nothing.
    public static SSLContext trustingOnly() throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(
                "ca", Pem.certificates(trusted("rollout-1", "rollout").ca()).getFirst());
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    static CredentialFiles made(
            String authority, String node, List<String> roles, Collection<String> hosts, List<String> more) {
        try {
            synchronized (ROOT) { // one authority is made once
                return TrialAuthority.in(ROOT.resolve(authority), "railhead trial CA", Duration.ofDays(30))
                        .issue(node, roles, hosts, more);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path root() {
        try {
            Path root = Files.createTempDirectory("railhead-test-authorities-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path root) {
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
