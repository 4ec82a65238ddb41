package io.railhead.actors.security;

import com.typesafe.config.Config;
import io.railhead.actors.settings.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificate, key and authorities of this node, for all of its ports.
///
/// The files are looked at again when a connection is made and the rotation interval has passed. New ones count
/// from that connection on; while they do not fit together the old ones stay, which is logged once for each
/// change. Nothing runs in the background. Thread-safe.
public final class NodeIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(NodeIdentity.class);

    /// Which contents were read last, told by time and length.
    private record Stamp(FileTime modified, long length, Object fileKey) {}

    private record Loaded(Credentials credentials, SSLContext context) {}

    private final SecuritySettings settings;
    private final Clock clock;
    private final Refusals refusals;
    private final SSLContext sslContext;
    private List<Stamp> stamps; // guarded by `this`
    private Instant looked; // guarded by `this`
    private Loaded loaded; // guarded by `this`

    /// @throws ConfigurationException if a file is missing or wrong; the message names it
    public NodeIdentity(SecuritySettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.refusals = new Refusals(clock);
        this.stamps = stamps();
        this.looked = clock.instant();
        this.loaded = load();
        this.sslContext = new RotatingContext(() -> newest().context());
    }

    /// The identity that the configuration asks for; empty if `railhead.security.tls` is off.
    ///
    /// @throws ConfigurationException if a setting or file is wrong
    public static Optional<NodeIdentity> of(Config config) {
        SecuritySettings settings = SecuritySettings.from(config);
        return settings.tls() ? Optional.of(new NodeIdentity(settings, Clock.systemUTC())) : Optional.empty();
    }

    public SecuritySettings settings() {
        return settings;
    }

    /// For every port of this node, for as long as it lives: each new connection has the newest certificate.
    /// Its engines speak TLS 1.3 only; sockets need `setSSLParameters(context.getDefaultSSLParameters())` for
    /// that. Whoever listens asks for the client's certificate by itself (`setNeedClientAuth`), whoever
    /// connects for the server's name (`setEndpointIdentificationAlgorithm`).
    public SSLContext sslContext() {
        return sslContext;
    }

    /// Where this node's ports say whom they refused.
    public Refusals refusals() {
        return refusals;
    }

    /// What the newest certificate says about this node.
    public CertificateRoles certificate() {
        return CertificateRoles.of(newest().credentials().certificate());
    }

    /// Signs something that other nodes pass on, with the newest key; the signature carries the certificate.
    public byte[] sign(byte[] content) {
        return Signatures.sign(newest().credentials(), content);
    }

    /// Who signed this content: a node of a trusted authority, with a certificate that is valid now.
    ///
    /// @throws BadSignatureException if the content or the signature was changed, or the signer is nobody trusted
    public CertificateRoles signer(byte[] content, byte[] signature) throws BadSignatureException {
        return CertificateRoles.of(
                Signatures.verify(newest().credentials().authorities(), content, signature, clock.instant()));
    }

    /// For people: whom the certificate is for, and until when.
    public String summary() {
        Credentials own = newest().credentials();
        CertificateRoles roles = CertificateRoles.of(own.certificate());
        return "%s for %s at %s, valid until %s"
                .formatted(
                        roles.name(),
                        listed(roles.roles(), "no role"),
                        listed(roles.hosts(), "no host"),
                        own.certificate().getNotAfter().toInstant());
    }

    /// @throws ConfigurationException if the certificate lacks one of these roles
    public void requireRoles(Collection<String> roles) {
        CertificateRoles own = certificate();
        TreeSet<String> lacking = new TreeSet<>(roles);
        lacking.removeAll(own.roles());
        if (!lacking.isEmpty()) {
            throw new ConfigurationException("%s is a certificate for %s, not for %s"
                    .formatted(
                            settings.files().certificate(),
                            listed(own.roles(), "no role"),
                            String.join(", ", lacking)));
        }
    }

    /// @throws ConfigurationException if hosts are verified and the certificate is not for this one
    public void requireHost(String host) {
        CertificateRoles own = certificate();
        if (settings.verifyHosts() && !own.isFor(host)) {
            throw new ConfigurationException("%s is a certificate for %s, not for this node's host %s"
                    .formatted(settings.files().certificate(), listed(own.hosts(), "no host"), host));
        }
    }

    private static String listed(Collection<String> names, String none) {
        return names.isEmpty() ? none : String.join(", ", new TreeSet<>(names));
    }

    private synchronized Loaded newest() {
        Instant now = clock.instant();
        if (!now.isBefore(looked.plus(settings.rotationInterval()))) {
            looked = now;
            List<Stamp> present = stamps();
            if (!present.equals(stamps)) {
                stamps = present;
                rotate();
            }
        }
        return loaded;
    }

    private void rotate() {
        try {
            loaded = load();
            LOG.info(
                    "certificate {} is in use, valid until {}",
                    settings.files().certificate(),
                    loaded.credentials().certificate().getNotAfter().toInstant());
        } catch (ConfigurationException e) {
            LOG.warn("new TLS files are not used, the old ones stay: {}", e.getMessage());
        }
    }

    private Loaded load() {
        Credentials credentials = Credentials.read(settings.files(), clock.instant());
        return new Loaded(credentials, credentials.context(judge -> new WatchedTrust(judge, refusals)));
    }

    private List<Stamp> stamps() {
        CredentialFiles files = settings.files();
        return List.of(stamp(files.certificate()), stamp(files.key()), stamp(files.ca()));
    }

    /// A missing file has a stamp too: it is an error when it is read, not when it is looked at.
    private static Stamp stamp(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Object key = attributes.fileKey() == null ? file : attributes.fileKey();
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), key);
        } catch (IOException e) {
            return new Stamp(FileTime.fromMillis(0), 0, e.toString());
        }
    }
}
