package io.railhead.app.command;

import io.railhead.app.doctor.Diagnosis;
import io.railhead.app.doctor.Finding;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead doctor`.
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description =
                "Checks JDK, native libraries, devices, memory, the place of the runs, ports, clock and TLS files, and says what"
                        + " to do about each that is bad.")
final class DoctorCommand implements Callable<Integer> {
    @Option(names = "--run-dir", paramLabel = "DIR", description = "Where runs are to be written (default: runs).")
    private Path runDir = Path.of("runs");

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    @Mixin
    private SettingsOptions config = new SettingsOptions();

    @Mixin
    private ModelOption model = new ModelOption();

    private final Terminal terminal;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<Finding> findings = Diagnosis.run(
                runDir, config.layers(Optional.empty(), model.settings()).resolve());
        boolean healthy = findings.stream().allMatch(Finding::good);
        if (json) {
            terminal.out().println(Json.line(Map.of("healthy", healthy, "checks", findings)));
        } else {
            for (Finding finding : findings) {
                terminal.out()
                        .printf("%-4s %-16s %s%n", finding.good() ? "ok" : "BAD", finding.check(), finding.finding());
                if (!finding.good()) {
                    terminal.out().printf("%21s %s%n", "mend:", finding.mend());
                }
            }
        }
        return healthy ? 0 : 1;
    }
}
