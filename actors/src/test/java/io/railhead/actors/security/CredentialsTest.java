package io.railhead.actors.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.settings.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    private final Instant now = Instant.now();

    @TempDir
    private Path temp;

    private final CredentialFiles learner = Authorities.trusted("learner-1", "learner", "controller");

    @Test
    void aCertificateSaysItsRolesAndItsHosts() {
        CertificateRoles said =
                CertificateRoles.of(Credentials.read(learner, now).certificate());
        assertThat(said)
                .isEqualTo(new CertificateRoles("CN=learner-1", Set.of("learner", "controller"), Authorities.HERE));
        assertThat(said.isFor("LOCALHOST")).isTrue();
        assertThat(said.isFor("elsewhere")).isFalse();
    }

    @Test
    void aStarStandsForOneLabel() {
        CertificateRoles roles = new CertificateRoles("CN=a", Set.of(), Set.of("*.railhead.svc"));
        assertThat(roles.isFor("rollout-0.railhead.svc")).isTrue();
        assertThat(roles.isFor("railhead.svc")).isFalse();
        assertThat(roles.isFor("a.b.railhead.svc")).isFalse();
    }

    @Test
    void onlyTheOwnerCanReadAKey() throws Exception {
        assertThat(Files.getPosixFilePermissions(learner.key()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aMissingFileIsNamed() {
        Path absent = temp.resolve("key.pem");
        refuses(new CredentialFiles(learner.certificate(), absent, learner.ca()), "no such file: " + absent);
    }

    @Test
    void aFileOfAnotherKindIsNamed() throws Exception {
        Path text = Files.writeString(temp.resolve("text.pem"), "not a certificate");
        refuses(new CredentialFiles(text, learner.key(), learner.ca()), text + " holds no certificate");
        refuses(new CredentialFiles(learner.certificate(), text, learner.ca()), text + " holds no private key in PEM");
    }

    @Test
    void aKeyOfAnotherCertificateIsNamed() {
        CredentialFiles other = Authorities.trusted("rollout-1", "rollout");
        refuses(
                new CredentialFiles(learner.certificate(), other.key(), learner.ca()),
                other.key() + " is not the key of " + learner.certificate());
    }

    @Test
    void aCertificateOfAnotherAuthorityIsNamed() {
        CredentialFiles foreign = Authorities.foreign("rollout-1", "rollout");
        refuses(
                new CredentialFiles(foreign.certificate(), foreign.key(), learner.ca()),
                foreign.certificate() + " is of no authority in " + learner.ca());
    }

    @Test
    void aCertificateOutsideItsTimeIsNamed() {
        Credentials fine = Credentials.read(learner, now);
        Instant end = fine.certificate().getNotAfter().toInstant();
        assertThatThrownBy(() -> Credentials.read(learner, end.plusSeconds(1)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(learner.certificate() + " expired at " + end);
        Instant start = fine.certificate().getNotBefore().toInstant();
        assertThatThrownBy(() -> Credentials.read(learner, start.minus(Duration.ofSeconds(1))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(learner.certificate() + " is not valid before " + start);
    }

    @Test
    void anAuthorityThatIsThereIsKept() throws Exception {
        TrialAuthority first = TrialAuthority.in(temp.resolve("tls"), "a", Duration.ofDays(1));
        String before = Files.readString(first.certificate());
        TrialAuthority again = TrialAuthority.in(temp.resolve("tls"), "b", Duration.ofDays(1));
        CredentialFiles files = again.issue("reward-1", List.of("reward"), List.of("10.0.0.1", "node-1"));
        assertThat(Files.readString(files.ca())).isEqualTo(before);
        assertThat(CertificateRoles.of(Credentials.read(files, Instant.now()).certificate()))
                .isEqualTo(new CertificateRoles("CN=reward-1", Set.of("reward"), Set.of("10.0.0.1", "node-1")));
    }

    private void refuses(CredentialFiles files, String message) {
        assertThatThrownBy(() -> Credentials.read(files, now))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(message);
    }
}
