package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `examples/06-own-objective` as they stand, in a JVM of their own with a class path of their
/// own; the training one on fewer held-out questions.
class OwnObjectiveTest {
    private static final Path EXAMPLE = root().resolve("examples/06-own-objective");

    @TempDir
    Path temp;

    @Test
    void theExampleIsCompiledAndTrainsARun() throws IOException, InterruptedException {
        List<String> commands = Files.readAllLines(EXAMPLE.resolve("README.md"));
        assertThat(commands)
                .anyMatch(line ->
                        line.startsWith("javac") && line.endsWith("examples/06-own-objective/MostlyPositive.java"));
        Path classes = Files.createDirectory(temp.resolve("classes"));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-d",
                                classes.toString(),
                                "-cp",
                                classPath,
                                EXAMPLE.resolve("MostlyPositive.java").toString()))
                .isZero();
        Path run = temp.resolve("run");
        List<String> arguments = arguments(String.join("\n", commands));
        assertThat(arguments).startsWith("train").contains("learner.objective=com.example.MostlyPositive");
        arguments.addAll(List.of("--set", "eval.questions=12", "--run-dir", run.toString()));

        Path log = temp.resolve("train.log");
        Process train = jvm(classPath + System.getProperty("path.separator") + classes, arguments)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = train.waitFor(5, TimeUnit.MINUTES);
        train.destroyForcibly();
        String said = Files.readString(log);
        assertThat(ended).as(said).isTrue();
        assertThat(train.exitValue()).as(said).isZero();
        assertThat(Files.readString(run.resolve("config.conf"))).contains("com.example.MostlyPositive");
    }

    @Test
    void aClassThatIsNotThereIsRefusedByName() {
        CommandRun run = CommandRun.of(
                "train", "--run-dir", temp.resolve("run").toString(), "--set", "learner.objective=com.example.Missing");
        assertThat(run.status()).isNotZero();
        assertThat(run.err()).contains("railhead.learner.objective = com.example.Missing is not on the class path");
    }

    private static ProcessBuilder jvm(String classPath, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true",
                "-Dai.djl.offline=true",
                "-Xmx1g",
                "-cp",
                classPath,
                Main.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command);
    }

    /// What stands behind `./railhead train`, over lines that end with a backslash.
    private static List<String> arguments(String readme) {
        String joined = readme.replaceAll("\\\\\n *", " ");
        String command = joined.lines()
                .filter(line -> line.contains("./railhead train"))
                .findFirst()
                .orElseThrow();
        return new ArrayList<>(Arrays.asList(command.substring(command.indexOf("./railhead ") + "./railhead ".length())
                .split(" +")));
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("app") ? here.resolveSibling("") : here;
    }
}
