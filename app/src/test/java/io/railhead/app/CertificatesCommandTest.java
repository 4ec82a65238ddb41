package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesCommandTest {
    @TempDir
    private Path temp;

    @Test
    void makesWhatANodeNeedsAndTheDoctorFindsItFit() throws Exception {
        Path tls = temp.resolve("tls");
        CommandRun made = CommandRun.of(
                "certificates", tls.toString(), "--node", "head=controller,learner", "--host", "127.0.0.1");
        assertThat(made)
                .isEqualTo(new CommandRun(
                        0, "head: --set security.tls=on --set security.directory=" + tls.resolve("head") + "\n", ""));
        assertThat(tls.resolve("ca.pem")).hasSameTextualContentAs(tls.resolve("head/ca.pem"));
        CommandRun fit = CommandRun.of(
                "doctor", "--set", "security.tls=on", "--set", "security.directory=" + tls.resolve("head"));
        assertThat(fit.out()).containsPattern("ok +tls +CN=head for controller, learner at 127.0.0.1, valid until ");
        Files.delete(tls.resolve("head/key.pem"));
        CommandRun unfit = CommandRun.of(
                "doctor", "--set", "security.tls=on", "--set", "security.directory=" + tls.resolve("head"));
        assertThat(unfit.status()).isEqualTo(1);
        assertThat(unfit.out()).containsPattern("BAD +tls +no such file: " + tls.resolve("head/key.pem"));
    }

    @Test
    void aNodeWithoutTheRoleEndsWithStatusTwoAndWritesNothing() {
        Path tls = temp.resolve("tls");
        CommandRun.of("certificates", tls.toString(), "--node", "r1=rollout");
        Path run = temp.resolve("run");
        CommandRun refused = CommandRun.of(
                "node",
                "--role",
                "controller,learner",
                "--run-dir",
                run.toString(),
                "--set",
                "security.tls=on",
                "--set",
                "security.directory=" + tls.resolve("r1"));
        assertThat(refused)
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        "railhead: " + tls.resolve("r1/certificate.pem")
                                + " is a certificate for rollout, not for controller, learner\n"));
        assertThat(run).doesNotExist();
    }

    @Test
    void anUnknownRoleIsNamed() {
        CommandRun refused = CommandRun.of("certificates", temp.resolve("tls").toString(), "--node", "a=learnr");
        assertThat(refused)
                .isEqualTo(new CommandRun(2, "", "railhead: unknown role \"learnr\"; did you mean learner?\n"));
        assertThat(temp.resolve("tls")).doesNotExist();
    }
}
