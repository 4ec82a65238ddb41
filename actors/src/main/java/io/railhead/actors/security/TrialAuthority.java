package io.railhead.actors.security;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/// A certificate authority in a directory, for trials and tests: `ca.pem` and `ca-key.pem`. It makes one
/// directory a node with the three files that a node needs. The work is done by the `keytool` that every JDK
/// has.
///
/// The authority's key lies in a file. Whoever can read it can be any node: a cluster that matters has its
/// certificates from an authority that is kept elsewhere.
public final class TrialAuthority {
    private static final String PASSWORD_VARIABLE = "RAILHEAD_STORE_PASSWORD";
    private static final String CA = "ca";
    private static final String NODE = "node";

    private final Path directory;
    private final Duration validity;

    private TrialAuthority(Path directory, Duration validity) {
        this.directory = directory;
        this.validity = validity;
    }

    /// The authority that the directory holds; if it holds none, a new one.
    ///
    /// @param validity of its own certificate and of those that it gives out; whole days
    public static TrialAuthority in(Path directory, String name, Duration validity)
            throws IOException, InterruptedException {
        TrialAuthority authority = new TrialAuthority(directory, validity);
        Files.createDirectories(directory);
        if (!Files.exists(authority.certificate())) {
            authority.create(name);
        }
        return authority;
    }

    public Path certificate() {
        return directory.resolve("ca.pem");
    }

    /// Makes `certificate.pem`, `key.pem` and `ca.pem` in the directory `node` within the authority's, in place
    /// of any that are there.
    ///
    /// @param roles what the node may be, as in `railhead.cluster.roles`
    /// @param hosts names and addresses that it is reached by
    public CredentialFiles issue(String node, Collection<String> roles, Collection<String> hosts)
            throws IOException, InterruptedException {
        return issue(node, roles, hosts, List.of());
    }

    /// @param more options for keytool
    CredentialFiles issue(String node, Collection<String> roles, Collection<String> hosts, List<String> more)
            throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        roles.forEach(role -> names.add("uri:" + CertificateRoles.PREFIX + role));
        hosts.forEach(host -> names.add((isAddress(host) ? "ip:" : "dns:") + host));
        Path home = directory.resolve(node);
        Files.createDirectories(home);
        CredentialFiles files =
                new CredentialFiles(home.resolve("certificate.pem"), home.resolve("key.pem"), home.resolve("ca.pem"));
        try (Store store = Store.open()) {
            store.put(CA, Pem.certificates(certificate()), Pem.privateKey(authorityKey()));
            List<String> options = new ArrayList<>(
                    List.of("-signer", CA, "-ext", "eku=serverAuth,clientAuth", "-ext", "ku=digitalSignature"));
            if (!names.isEmpty()) {
                options.addAll(List.of("-ext", "san=" + String.join(",", names)));
            }
            options.addAll(more);
            store.generate(NODE, node, validity, options);
            write(files.key(), Pem.text(store.key(NODE)));
            write(files.certificate(), Pem.text(store.chain(NODE).getFirst()));
        }
        write(files.ca(), Files.readString(certificate()));
        return files;
    }

    private Path authorityKey() {
        return directory.resolve("ca-key.pem");
    }

    private void create(String name) throws IOException, InterruptedException {
        try (Store store = Store.open()) {
            store.generate(CA, name, validity, List.of("-ext", "bc:c", "-ext", "ku=keyCertSign,cRLSign"));
            write(authorityKey(), Pem.text(store.key(CA)));
            write(certificate(), Pem.text(store.chain(CA).getFirst()));
        }
    }

    private static boolean isAddress(String host) {
        return host.contains(":") || host.matches("[0-9.]+");
    }

    /// Aside, then in place: a node that reads meanwhile gets the old file or the new one. Nobody else may read
    /// it.
    private static void write(Path file, String text) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(aside);
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(aside, text);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// A key store that lives for one call of keytool, in a directory that only this user can read.
    private record Store(Path directory, Path file, String password) implements AutoCloseable {
        static Store open() throws IOException {
            byte[] secret = new byte[16];
            new SecureRandom().nextBytes(secret);
            Path directory = Files.createTempDirectory("railhead-authority-");
            return new Store(
                    directory, directory.resolve("store.p12"), HexFormat.of().formatHex(secret));
        }

        void generate(String alias, String name, Duration validity, List<String> more)
                throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    alias,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=" + name,
                    "-startdate",
                    "-1H", // the clocks of other machines may be behind
                    "-validity",
                    Long.toString(validity.toDays()),
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    file.toString(),
                    "-storepass:env",
                    PASSWORD_VARIABLE));
            command.addAll(more);
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put(PASSWORD_VARIABLE, password);
            Process keytool = builder.start();
            String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool made no certificate for " + name + ": " + output.strip());
            }
        }

        void put(String alias, List<X509Certificate> chain, PrivateKey key) throws IOException {
            try (OutputStream out = Files.newOutputStream(file)) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, password.toCharArray());
                store.setKeyEntry(alias, key, password.toCharArray(), chain.toArray(new Certificate[0]));
                store.store(out, password.toCharArray());
            } catch (GeneralSecurityException e) {
                throw new IOException("no key store can be made: " + e.getMessage(), e);
            }
        }

        PrivateKey key(String alias) throws IOException {
            try {
                return (PrivateKey) loaded().getKey(alias, password.toCharArray());
            } catch (GeneralSecurityException e) {
                throw new IOException("keytool's key cannot be read: " + e.getMessage(), e);
            }
        }

        List<X509Certificate> chain(String alias) throws IOException {
            try {
                return Arrays.stream(loaded().getCertificateChain(alias))
                        .map(X509Certificate.class::cast)
                        .toList();
            } catch (GeneralSecurityException e) {
                throw new IOException("keytool's certificate cannot be read: " + e.getMessage(), e);
            }
        }

        private KeyStore loaded() throws IOException, GeneralSecurityException {
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, password.toCharArray());
            }
            return store;
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(file);
            Files.delete(directory);
        }
    }
}
