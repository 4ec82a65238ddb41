package io.railhead.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private Path temp;

    private Map<String, JsonNode> checks(String... settings) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("doctor", "--json", "--run-dir", temp.toString()));
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        CommandRun run = CommandRun.of(arguments.toArray(String[]::new));
        JsonNode json = JsonMapper.builder().build().readTree(run.out());
        assertThat(run.status()).isEqualTo(json.path("healthy").asBoolean() ? 0 : 1);
        Map<String, JsonNode> checks = new HashMap<>();
        json.path("checks").forEach(check -> {
            assertThat(check.path("mend").asText().isEmpty())
                    .as(check.toString())
                    .isEqualTo(check.path("good").asBoolean());
            checks.put(check.path("check").asText(), check);
        });
        return checks;
    }

    @Test
    void looksAtEverythingThatARunNeeds() throws IOException {
        Map<String, JsonNode> checks = checks();
        assertThat(checks)
                .containsOnlyKeys(
                        "jdk",
                        "processors",
                        "native library",
                        "heap",
                        "memory",
                        "openmp",
                        "devices",
                        "configuration",
                        "vision tower",
                        "model memory",
                        "run directory",
                        "create alone",
                        "flush",
                        "rename",
                        "lock",
                        "cluster.port",
                        "weights.port",
                        "http.port",
                        "http.health-port",
                        "clock",
                        "tls");
        assertThat(requireNonNull(checks.get("devices")).path("finding").asText())
                .isEqualTo("cpu compute");
        assertThat(requireNonNull(checks.get("configuration")).path("finding").asText())
                .contains("to train on", "model embedded");
        assertThat(requireNonNull(checks.get("vision tower")).path("finding").asText())
                .isEqualTo("0.276 M parameters, 61.7 M multiply-accumulates for 64 visual tokens of a picture of 224 x"
                        + " 224 pixels");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aDeviceThatIsNotThereIsNamedWithItsMend() throws IOException {
        JsonNode devices = requireNonNull(checks("policy.learner-device=cuda:7").get("devices"));
        assertThat(devices.path("good").asBoolean()).isFalse();
        assertThat(devices.path("finding").asText()).contains("cuda:7");
        assertThat(devices.path("mend").asText()).contains("railhead.policy.rollout-devices");
    }

    @Test
    void aCacheThatDoesNotFitTheMachineIsFound() throws IOException {
        JsonNode memory =
                requireNonNull(checks("policy.cache-tokens=1000000000").get("model memory"));
        assertThat(memory.path("good").asBoolean()).isFalse();
        assertThat(memory.path("mend").asText()).contains("docs/memory.md");
    }

    @Test
    void aConfigurationThatCannotStartARunIsAFinding() throws IOException {
        JsonNode configuration = requireNonNull(checks("data.source=questions", "data.folder=" + temp.resolve("none"))
                .get("configuration"));
        assertThat(configuration.path("good").asBoolean()).isFalse();
        assertThat(configuration.path("finding").asText())
                .contains(temp.resolve("none").toString());
    }

    @Test
    void anExpiredCertificateIsNamed() throws Exception {
        Path tls = expired();
        JsonNode found = requireNonNull(
                checks("security.tls=on", "security.directory=" + tls).get("tls"));
        assertThat(found.path("good").asBoolean()).isFalse();
        assertThat(found.path("finding").asText()).contains(tls.resolve("certificate.pem") + " expired at ");
        assertThat(found.path("mend").asText()).contains("docs/security.md");
    }

    @Test
    void peopleReadTheMendUnderTheFinding() {
        CommandRun run = CommandRun.of("doctor", "--run-dir", "/proc/runs");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .containsPattern("ok +jdk +25")
                .containsPattern("BAD +run directory +/proc cannot be written to: .*\n +mend: give --run-dir ");
    }

    /// A certificate of its own authority that was valid for a day, ten days ago.
    private Path expired() throws IOException, InterruptedException, GeneralSecurityException {
        Path tls = Files.createDirectories(temp.resolveSibling(temp.getFileName() + "-tls"));
        Path store = tls.resolve("store.p12");
        Files.deleteIfExists(store);
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "node",
                        "-dname",
                        "CN=old",
                        "-startdate",
                        "-10d",
                        "-validity",
                        "1",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD)))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        String certificate = pem("CERTIFICATE", keys.getCertificate("node").getEncoded());
        Files.writeString(tls.resolve("certificate.pem"), certificate);
        Files.writeString(tls.resolve("ca.pem"), certificate);
        Files.writeString(
                tls.resolve("key.pem"),
                pem("PRIVATE KEY", keys.getKey("node", PASSWORD).getEncoded()));
        return tls;
    }

    private static String pem(String what, byte[] der) {
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
                .formatted(what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), what);
    }
}
