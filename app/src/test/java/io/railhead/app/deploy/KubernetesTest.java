package io.railhead.app.deploy;

import static io.railhead.app.deploy.Manifests.each;
import static io.railhead.app.deploy.Manifests.labels;
import static io.railhead.app.deploy.Manifests.nameOf;
import static io.railhead.app.deploy.Manifests.ofKind;
import static io.railhead.app.deploy.Manifests.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import io.railhead.actors.cluster.ClusterSettings;
import io.railhead.actors.cluster.Role;
import io.railhead.actors.security.CertificateRoles;
import io.railhead.actors.security.SecuritySettings;
import io.railhead.app.command.RailheadCommand;
import io.railhead.app.command.Terminal;
import io.railhead.app.run.LayeredConfig;
import io.railhead.app.run.RunPlan;
import io.railhead.app.status.HttpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What can be known of the Kubernetes files without a cluster: that they fit each other, the settings and the code.
class KubernetesTest {
    private static final Duration GOODBYE = Duration.ofSeconds(15); // as in ClusterNode

    @TempDir
    private Path temp;

    @Test
    void everyKeyOfEveryConfigurationIsKnownAndEveryIncludedFileCounts() throws IOException {
        RunPlan base = RunPlan.of(config());
        assertThat(base.stage().steps()).isEqualTo(150);
        Config all = config("components/cuda/devices.conf", "components/tls/tls.conf");
        assertThat(SecuritySettings.from(all).tls()).isTrue();
        assertThat(all.getStringList("railhead.policy.rollout-devices")).containsExactly("cuda:0");
        RunPlan.of(all);
        RunPlan trial = RunPlan.of(config("overlays/trial/run.conf"));
        assertThat(trial.stage().steps()).isEqualTo(20);
    }

    @Test
    void portsAreThoseThatTheNodesListenAt() throws IOException {
        Map<String, Integer> ports = ports(config());
        for (JsonNode pod : pods()) {
            assertThat(named(pod.at("/spec/containers/0/ports"), "containerPort"))
                    .isEqualTo(ports);
            assertThat(pod.at("/metadata/annotations")
                            .path("prometheus.io/port")
                            .asText())
                    .isEqualTo(String.valueOf(ports.get("status")));
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                JsonNode get = pod.at("/spec/containers/0").path(probe).path("httpGet");
                assertThat(get.path("port").asText()).isEqualTo("health");
                assertThat(get.path("path").asText())
                        .isEqualTo(probe.equals("readinessProbe") ? "/health/ready" : "/health/live");
            }
        }
        for (JsonNode service : ofKind("Service")) {
            assertThat(ports).containsAllEntriesOf(named(service.at("/spec/ports"), "port"));
            each(service.at("/spec/ports"))
                    .forEach(port -> assertThat(port.path("targetPort").asText())
                            .isEqualTo(port.path("name").asText()));
        }
        for (JsonNode policy : ofKind("NetworkPolicy")) {
            Map<String, String> own = Map.of("app.kubernetes.io/part-of", "railhead"); // the base labels every pod so
            assertThat(labels(policy.at("/spec/podSelector/matchLabels"))).isEqualTo(own);
            assertThat(labels(policy.at("/spec/ingress/0/from/0/podSelector/matchLabels")))
                    .isEqualTo(own);
            assertThat(each(policy.at("/spec/ingress"))
                            .flatMap(rule -> each(rule.path("ports")))
                            .map(port -> port.path("port").asText()))
                    .containsExactly("cluster", "weights", "status", "status");
        }
    }

    @Test
    void everySelectorFindsThePodsOfItsName() {
        for (JsonNode set : ofKind("StatefulSet")) {
            Map<String, String> pod = labels(set.at("/spec/template/metadata/labels"));
            assertThat(pod).containsAllEntriesOf(labels(set.at("/spec/selector/matchLabels")));
            assertThat(set.at("/spec/serviceName").asText()).isEqualTo(nameOf(set));
            assertThat(labels(named("Service", nameOf(set)).at("/spec/selector")))
                    .isNotEmpty()
                    .isEqualTo(pod);
            assertThat(labels(named("PodDisruptionBudget", nameOf(set)).at("/spec/selector/matchLabels")))
                    .isEqualTo(pod);
            each(set.at("/spec/template/spec/topologySpreadConstraints"))
                    .forEach(spread -> assertThat(labels(spread.at("/labelSelector/matchLabels")))
                            .isEqualTo(pod));
        }
        assertThat(ofKind("Service")).hasSameSizeAs(ofKind("StatefulSet"));
        assertThat(ofKind("PodDisruptionBudget")).hasSameSizeAs(ofKind("StatefulSet"));
    }

    @Test
    void everyAutoscalerHasATargetAndMetricsThatNodesHaveAndTheAdapterGives() throws IOException {
        String documented = Files.readString(Manifests.root().resolve("../../docs/metrics.md"));
        JsonNode rules = Manifests.objects(Manifests.root().resolve("components/autoscaling/adapter-rules.yaml"))
                .getFirst();
        Set<String> given = each(rules.at("/rules/external"))
                .map(rule -> rule.at("/name/as").asText())
                .collect(Collectors.toSet());
        assertThat(ofKind("HorizontalPodAutoscaler")).hasSize(2);
        for (JsonNode scaler : ofKind("HorizontalPodAutoscaler")) {
            JsonNode target = scaler.at("/spec/scaleTargetRef");
            assertThat(named(target.path("kind").asText(), target.path("name").asText()))
                    .isNotNull();
            each(scaler.at("/spec/metrics"))
                    .filter(metric -> metric.path("type").asText().equals("External"))
                    .map(metric -> metric.at("/external/metric/name").asText())
                    .forEach(name -> {
                        assertThat(given).contains(name);
                        assertThat(documented).contains("| `" + name + "` | gauge |");
                    });
        }
    }

    @Test
    void everyContainerIsConfined() {
        for (JsonNode pod : pods()) {
            JsonNode user = pod.at("/spec/securityContext");
            assertThat(user.path("runAsNonRoot").asBoolean()).isTrue();
            assertThat(user.path("runAsUser").asInt()).isEqualTo(10_001);
            assertThat(user.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            assertThat(pod.at("/spec/automountServiceAccountToken").asBoolean(true))
                    .isFalse();
            for (String containers : List.of("initContainers", "containers")) {
                for (JsonNode container : pod.at("/spec").path(containers)) {
                    JsonNode rights = container.path("securityContext");
                    assertThat(rights.path("allowPrivilegeEscalation").asBoolean(true))
                            .isFalse();
                    assertThat(rights.path("readOnlyRootFilesystem").asBoolean())
                            .isTrue();
                    assertThat(texts(rights.at("/capabilities/drop"))).containsExactly("ALL");
                    assertThat(container.at("/resources/requests").has("cpu")).isTrue();
                    assertThat(container.at("/resources/requests").has("memory"))
                            .isTrue();
                    assertThat(container.at("/resources/limits").has("memory")).isTrue();
                }
            }
        }
    }

    @Test
    void theGracePeriodCoversCommitAndDrain() throws IOException {
        RunPlan plan = RunPlan.of(config());
        for (JsonNode pod : pods()) {
            Duration needed = plan.run().shutdownTimeout().plus(GOODBYE);
            if (roles(pod).contains(Role.ROLLOUT)) {
                needed = needed.plus(plan.rollout().drainTimeout());
            }
            assertThat(Duration.ofSeconds(
                            pod.at("/spec/terminationGracePeriodSeconds").asLong()))
                    .isGreaterThan(needed);
        }
    }

    @Test
    void theSeedNodesAreTheHeads() throws IOException {
        ClusterSettings cluster = ClusterSettings.from(config());
        JsonNode heads = named("StatefulSet", "railhead-head");
        assertThat(roles(heads.at("/spec/template"))).contains(Role.CONTROLLER, Role.LEARNER);
        assertThat(cluster.seedNodes())
                .isEqualTo(IntStream.range(0, heads.at("/spec/replicas").asInt())
                        .mapToObj(i -> host(heads, i) + ":" + cluster.port())
                        .toList());
    }

    @Test
    void everyPodIsStartedAsTheCommandLineWantsIt() {
        for (JsonNode pod : pods()) {
            RailheadCommand.commandLine(Terminal.system())
                    .parseArgs(texts(pod.at("/spec/containers/0/args")).toArray(String[]::new));
            assertThat(roles(pod)).isNotEmpty();
        }
    }

    @Test
    void everyCertificateIsForThePodsThatMountIt() {
        List<JsonNode> sets = ofKind("StatefulSet");
        for (JsonNode set : sets) {
            JsonNode certificate = named("Certificate", nameOf(set));
            assertThat(certificate.at("/spec/secretName").asText())
                    .isEqualTo(nameOf(set).replace("railhead-", "railhead-tls-"));
            CertificateRoles says = new CertificateRoles(
                    "",
                    texts(certificate.at("/spec/uris")).stream()
                            .map(uri -> uri.substring(CertificateRoles.PREFIX.length()))
                            .collect(Collectors.toSet()),
                    Set.copyOf(texts(certificate.at("/spec/dnsNames"))));
            assertThat(says.roles())
                    .isEqualTo(roles(set.at("/spec/template")).stream()
                            .map(Role::label)
                            .collect(Collectors.toSet()));
            assertThat(says.isFor(host(set, 0))).isTrue();
            assertThat(texts(certificate.at("/spec/usages"))).contains("server auth", "client auth");
            assertThat(certificate.at("/spec/privateKey/encoding").asText()).isEqualTo("PKCS8");
        }
        assertThat(sets).hasSize(3);
    }

    @Test
    void everyFileThatAKustomizationNamesIsThere() {
        assertThat(Manifests.files("kustomization.yaml")).hasSizeGreaterThan(5).allSatisfy(file -> {
            JsonNode kustomization = Manifests.objects(file).getFirst();
            for (String list : List.of("resources", "components")) {
                texts(kustomization.path(list))
                        .forEach(path -> assertThat(file.resolveSibling(path)).exists());
            }
            each(kustomization.path("configMapGenerator"))
                    .flatMap(map -> texts(map.path("files")).stream())
                    .forEach(path -> assertThat(file.resolveSibling(path)).exists());
            each(kustomization.path("patches"))
                    .filter(patch -> patch.has("path"))
                    .forEach(patch -> assertThat(
                                    file.resolveSibling(patch.path("path").asText()))
                            .exists());
        });
    }

    private static List<JsonNode> pods() {
        return ofKind("StatefulSet").stream()
                .map(set -> set.at("/spec/template"))
                .toList();
    }

    private static JsonNode named(String kind, String name) {
        return ofKind(kind).stream()
                .filter(object -> nameOf(object).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name));
    }

    private static Map<String, Integer> named(JsonNode ports, String number) {
        Map<String, Integer> map = new TreeMap<>();
        ports.forEach(
                port -> map.put(port.path("name").asText(), port.path(number).asInt()));
        return map;
    }

    private static Map<String, Integer> ports(Config config) {
        HttpSettings http = HttpSettings.from(config);
        return Map.of(
                "cluster", ClusterSettings.from(config).port(),
                "weights", config.getInt("railhead.weights.port"),
                "status", http.port(),
                "health", http.healthPort());
    }

    private static Set<Role> roles(JsonNode pod) {
        return texts(pod.at("/spec/containers/0/args")).stream()
                .filter(argument -> argument.startsWith("--role="))
                .map(argument -> Role.parse(argument.substring("--role=".length())))
                .findFirst()
                .orElseThrow();
    }

    /// As the pod itself makes it.
    private static String host(JsonNode set, int ordinal) {
        return texts(set.at("/spec/template/spec/containers/0/args")).stream()
                .filter(argument -> argument.startsWith("--host="))
                .map(argument ->
                        argument.substring("--host=".length()).replace("$(POD_NAME)", nameOf(set) + "-" + ordinal))
                .findFirst()
                .orElseThrow();
    }

    /// The ConfigMap as a pod sees it, with these files of overlays in it, or in the place of the base's.
    private Config config(String... overlaid) throws IOException {
        Path folder = Files.createTempDirectory(temp, "conf");
        for (String file : List.of("base/config/railhead.conf", "base/config/run.conf")) {
            Files.copy(
                    Manifests.root().resolve(file), folder.resolve(Path.of(file).getFileName()));
        }
        for (String file : overlaid) {
            Path target = folder.resolve(Path.of(file).getFileName());
            Files.deleteIfExists(target);
            Files.copy(Manifests.root().resolve(file), target);
        }
        return new LayeredConfig(
                        Optional.of("embedded"), Optional.of(folder.resolve("railhead.conf")), List.of(), Map.of())
                .resolve();
    }
}
