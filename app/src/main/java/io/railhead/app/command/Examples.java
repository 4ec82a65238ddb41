package io.railhead.app.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// The examples at the end of each command's help. A test parses every one of them.
final class Examples {
    private static final Map<String, List<String>> BY_COMMAND = Map.ofEntries(
            Map.entry(
                    "railhead train",
                    List.of(
                            "train",
                            "train --steps 20 --seed 7 --max-staleness 0",
                            "train --data DIR --model DIR --set learner.preset=dapo --dry-run",
                            "train --resume --run-dir runs/mine --steps 200")),
            Map.entry("railhead sft", List.of("sft taught", "sft taught --steps 50 --model DIR --data DIR")),
            Map.entry(
                    "railhead ablate",
                    List.of("ablate --list", "ablate --arms grpo,rewardmap --seeds 3 --steps 60 --out comparison")),
            Map.entry(
                    "railhead off-policy",
                    List.of(
                            "off-policy --presets grpo,areal,gspo --staleness 0,4 --steps 40 --out comparison",
                            "off-policy --seeds 1,2,3 --parallel 2 --set learner.kl-coefficient=0 --out comparison")),
            Map.entry(
                    "railhead node",
                    List.of(
                            "node --role controller,learner --host head --run-dir /runs/one",
                            "node --role rollout,reward --host worker-1 --seed-node head:25520 --run-dir /runs/one")),
            Map.entry("railhead status", List.of("status", "status --node worker-1:26520 --json")),
            Map.entry(
                    "railhead events",
                    List.of("events runs/mine", "events --check runs/mine", "events --dropped runs/mine")),
            Map.entry(
                    "railhead track",
                    List.of(
                            "track runs/mine --set trackers.wandb.enabled=true",
                            "track runs/mine --set trackers.mlflow.uri=http://mlflow.example.com:5000")),
            Map.entry(
                    "railhead replay",
                    List.of(
                            "replay runs/mine",
                            "replay runs/mine --at 12",
                            "replay runs/mine --with learner.objective=cispo")),
            Map.entry(
                    "railhead eval",
                    List.of("eval", "eval --model runs/mine/checkpoints/step-60/model --limit 300 --out answers.json")),
            Map.entry(
                    "railhead data show",
                    List.of("data show --out pictures --limit 6", "data show --data DIR --table")),
            Map.entry("railhead data generate", List.of("data generate --out maps --maps 10 --seed 3")),
            Map.entry("railhead data import", List.of("data import reasonmap questions")),
            Map.entry(
                    "railhead generate",
                    List.of(
                            "generate --image map.png --prompt 'How many stops are there?' --temperature 0",
                            "generate --batch --json")),
            Map.entry("railhead logprobs", List.of("logprobs --model DIR")),
            Map.entry(
                    "railhead simulate",
                    List.of(
                            "simulate --rollouts 64 --max-staleness 4 --hours 12",
                            "simulate --rollouts 16 --sweep 0,1,2,4,8 --out frontier")),
            Map.entry("railhead score", List.of("score --profile reference --stations DIR")),
            Map.entry(
                    "railhead reward-service",
                    List.of(
                            "reward-service --port 8087",
                            "reward-service --host 0.0.0.0 --port 8087 --grpc-port 8088")),
            Map.entry("railhead doctor", List.of("doctor", "doctor --run-dir /runs --json")),
            Map.entry(
                    "railhead config explain",
                    List.of(
                            "config explain stage.max-staleness",
                            "config explain learner.optimizer --set learner.preset=dapo")),
            Map.entry("railhead config reference", List.of("config reference")),
            Map.entry("railhead completion", List.of("completion")),
            Map.entry(
                    "railhead certificates",
                    List.of(
                            "certificates tls --node head=controller,learner --node worker=rollout,reward --host worker-1")),
            Map.entry("railhead pretrain", List.of("pretrain base --seed 2")),
            Map.entry("railhead checkpoint list", List.of("checkpoint list runs/mine")),
            Map.entry("railhead checkpoint verify", List.of("checkpoint verify runs/mine")),
            Map.entry("railhead checkpoint prune", List.of("checkpoint prune runs/mine --keep-last 2 --dry-run")),
            Map.entry("railhead checkpoint export", List.of("checkpoint export runs/mine exported")));

    private Examples() {}

    /// @return without the name of the program; none for a command that only names others
    static List<String> of(CommandSpec command) {
        return BY_COMMAND.getOrDefault(command.qualifiedName(" "), List.of());
    }

    /// Puts the examples of this command and of all below it into their help.
    static void addTo(CommandLine command) {
        List<String> examples = of(command.getCommandSpec());
        if (!examples.isEmpty()) {
            List<String> footer = new ArrayList<>(List.of("", "Examples:"));
            examples.forEach(example -> footer.add("  railhead " + example.replace("%", "%%")));
            command.getCommandSpec().usageMessage().footer(footer.toArray(String[]::new));
        }
        command.getSubcommands().values().forEach(Examples::addTo);
    }
}
