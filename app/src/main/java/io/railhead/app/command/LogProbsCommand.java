package io.railhead.app.command;

import io.railhead.app.run.ItemInput;
import io.railhead.app.run.PolicySettings;
import io.railhead.app.run.PolicySource;
import io.railhead.app.run.TeacherForcing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `railhead logprobs`.
@Command(
        name = "logprobs",
        mixinStandardHelpOptions = true,
        description =
                "Log-probabilities of given tokens: JSON lines in (id, input_ids, optional image), JSON lines out.")
final class LogProbsCommand implements Callable<Integer> {
    @Mixin
    private ModelOption model = new ModelOption();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--json", description = "JSON lines, as always.")
    @SuppressWarnings("UnusedVariable") // there is no other form, but every command takes the option
    private boolean json;

    private final Terminal terminal;

    LogProbsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        PolicySettings settings = PolicySettings.from(config.resolve(model.settings()));
        List<TeacherForcing.Item> items = new ArrayList<>();
        for (JsonLines.Line line : JsonLines.read(terminal.in())) {
            items.add(new TeacherForcing.Item(
                    line.where(),
                    line.object().path("id"),
                    ItemInput.tokens(line.object(), line.where()),
                    ItemInput.pictures(line.object(), line.where())));
        }
        try (TeacherForcing forcing = TeacherForcing.open(PolicySource.of(settings.model()), settings)) {
            for (TeacherForcing.Item item : items) {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("id", item.id());
                object.put("logprobs", forcing.logProbs(item));
                terminal.out().println(Json.line(object));
            }
        }
        return 0;
    }
}
