package io.railhead.app.command;

import io.railhead.actors.cluster.Role;
import io.railhead.actors.security.CredentialFiles;
import io.railhead.actors.security.TrialAuthority;
import io.railhead.app.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `railhead certificates`.
@Command(
        name = "certificates",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a certificate authority and certificates for the nodes of a trial cluster.",
            "With an authority in DIR it makes new certificates of that authority, which running nodes take up."
        })
final class CertificatesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Gets ca.pem, ca-key.pem, and a directory for each node.")
    private Path directory = Path.of("");

    @Option(
            names = "--node",
            paramLabel = "NAME=ROLE[,ROLE]",
            description = "A node and its roles; may be repeated (default: one for each role).")
    private List<String> nodes =
            Arrays.stream(Role.values()).map(r -> r.label() + "=" + r.label()).toList();

    @Option(
            names = "--host",
            paramLabel = "H",
            description = "Names and addresses of the nodes' hosts (default: those of this machine alone).")
    private List<String> hosts = List.of("localhost", "127.0.0.1");

    @Option(names = "--days", paramLabel = "N", description = "How long they are valid (default: 30).")
    private int days = 30;

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    private final Terminal terminal;

    CertificatesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, Set<Role>> named = named();
        if (days < 1) {
            throw new UsageException("--days must be at least 1, not " + days);
        }
        TrialAuthority authority = TrialAuthority.in(directory, "railhead trial CA", Duration.ofDays(days));
        Map<String, String> made = new LinkedHashMap<>();
        for (Map.Entry<String, Set<Role>> node : named.entrySet()) {
            List<String> roles =
                    node.getValue().stream().map(Role::label).sorted().toList();
            CredentialFiles files = authority.issue(node.getKey(), roles, hosts);
            made.put(node.getKey(), String.valueOf(files.certificate().getParent()));
        }
        if (json) {
            terminal.out()
                    .println(Json.line(Map.of("ca", authority.certificate().toString(), "nodes", made)));
        } else {
            made.forEach((name, place) ->
                    terminal.out().printf("%s: --set security.tls=on --set security.directory=%s%n", name, place));
        }
        return 0;
    }

    private Map<String, Set<Role>> named() {
        Map<String, Set<Role>> named = new LinkedHashMap<>();
        for (String node : nodes) {
            int equals = node.indexOf('=');
            String name = equals < 0 ? node : node.substring(0, equals);
            if (equals < 0 || !name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw new UsageException("--node takes NAME=ROLE[,ROLE], not " + node);
            }
            named.put(name, Role.parse(node.substring(equals + 1)));
        }
        return named;
    }
}
