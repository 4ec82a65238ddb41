package io.railhead.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of `examples/04-own-data-own-reward` as they stand, in JVMs of their own; training for a few steps.
class OwnDataExampleTest {
    private static final Path EXAMPLE = root().resolve("examples/04-own-data-own-reward");

    @TempDir
    private Path temp;

    @Test
    void theExamplesDataAreMadeAndAModelIsTrainedOnThem() throws IOException, InterruptedException {
        List<String> commands = commands();
        assertThat(commands).hasSize(4);
        Path classes = Files.createDirectory(temp.resolve("classes"));
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

        assertThat(commands.get(0)).isEqualTo("java examples/04-own-data-own-reward/MakeQuestions.java letters");
        run(List.of(EXAMPLE.resolve("MakeQuestions.java").toString(), "letters"));
        assertThat(temp.resolve("letters/train.jsonl")).exists();
        assertThat(Files.readAllLines(temp.resolve("letters/test.jsonl"))).hasSize(300);

        assertThat(commands.get(1)).startsWith("javac ").endsWith(" examples/04-own-data-own-reward/InOrder.java");
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
                                EXAMPLE.resolve("InOrder.java").toString()))
                .isZero();

        String path = classPath + System.getProperty("path.separator") + classes;
        String warmedUp = railhead(path, commands.get(2), List.of("--set", "eval.questions=12"));
        assertThat(warmedUp).contains("model in letters-base");
        String trained = railhead(
                path, commands.get(3), List.of("--steps", "2", "--set", "eval.questions=12", "--run-dir", "run"));
        assertThat(trained).contains("difficulty 4 letters", "finished at v2");
        assertThat(Files.readString(temp.resolve("run/config.conf"))).contains("com.example.InOrder", "questions");
    }

    /// Lines of the README's shell block, joined where they end with a backslash.
    private static List<String> commands() throws IOException {
        String readme = Files.readString(EXAMPLE.resolve("README.md"));
        String block = readme.substring(readme.indexOf("```sh\n") + 6);
        return block.substring(0, block.indexOf("```"))
                .replaceAll("\\\\\n *", " ")
                .lines()
                .toList();
    }

    private String railhead(String classPath, String command, List<String> more)
            throws IOException, InterruptedException {
        String arguments = command.substring(command.indexOf("./railhead ") + "./railhead ".length());
        List<String> all = new ArrayList<>(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true",
                "-Dai.djl.offline=true",
                "-Xmx1g",
                "-cp",
                classPath,
                Main.class.getName()));
        all.addAll(List.of(arguments.split(" +")));
        all.addAll(more);
        return run(all);
    }

    private String run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(arguments);
        Path log = temp.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // as ./railhead sets them: without them threads that wait for each other burn the cores
        builder.environment()
                .putAll(Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "passive", "GOMP_SPINCOUNT", "0"));
        Process process = builder.start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.destroyForcibly();
        String said = Files.readString(log);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("app") ? here.resolveSibling("") : here;
    }
}
