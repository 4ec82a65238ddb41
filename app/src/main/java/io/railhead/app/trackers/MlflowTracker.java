package io.railhead.app.trackers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/// A run of an MLflow tracking server, found again by a tag. When the run goes back, the server keeps the values of
/// the steps that did not happen, and those sent later stand beside them with a later time.
///
/// User and password, or token, come from the variables that MLflow's own clients read: `MLFLOW_TRACKING_USERNAME`,
/// `MLFLOW_TRACKING_PASSWORD`, `MLFLOW_TRACKING_TOKEN`.
final class MlflowTracker implements Tracker {
    static final String TAG = "railhead.run";

    // Kept, or its level would be forgotten: it tells of every connection that is tried again.
    private static final Logger APACHE = Logger.getLogger("org.mlflow_project.apachehttp");

    static {
        APACHE.setLevel(Level.SEVERE);
    }

    private static final int MOST_METRICS = 1000; // of one request, by MLflow's own limit
    private static final int MOST_PARAMS = 100;
    private static final int LONGEST_PARAM = 500;

    private final TrackerSettings.Mlflow settings;
    private final TrackedRun run;
    private final Map<String, String> configuration;
    private final Map<String, String> environment;
    private @Nullable MlflowClient client;
    private String id = "";

    /// @param configuration setting by setting
    MlflowTracker(
            TrackerSettings.Mlflow settings,
            TrackedRun run,
            Map<String, String> configuration,
            Map<String, String> environment) {
        this.settings = settings;
        this.run = run;
        this.configuration = Map.copyOf(configuration);
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String name() {
        return "MLflow";
    }

    @Override
    public long open() throws IOException {
        client = new MlflowClient(new BasicMlflowHostCreds(
                settings.uri().toString(),
                environment.get("MLFLOW_TRACKING_USERNAME"),
                environment.get("MLFLOW_TRACKING_PASSWORD"),
                environment.get("MLFLOW_TRACKING_TOKEN"),
                false));
        return ask(mlflow -> {
            Optional<Experiment> known = mlflow.getExperimentByName(settings.experiment());
            String experiment =
                    known.isPresent() ? known.get().getExperimentId() : mlflow.createExperiment(settings.experiment());
            List<Run> runs = mlflow.searchRuns(
                            List.of(experiment), "tags.`%s` = '%s'".formatted(TAG, run.id()), ViewType.ACTIVE_ONLY, 1)
                    .getItems();
            if (runs.isEmpty()) {
                id = create(mlflow, experiment);
                return 0L;
            }
            id = runs.getFirst().getInfo().getRunId();
            mlflow.setTerminated(id, RunStatus.RUNNING);
            return mlflow.getRun(id).getData().getMetricsList().stream()
                    .mapToLong(Metric::getStep)
                    .max()
                    .orElse(0);
        });
    }

    private String create(MlflowClient mlflow, String experiment) {
        String created = mlflow.createRun(CreateRun.newBuilder()
                        .setExperimentId(experiment)
                        .setRunName(run.name())
                        .setStartTime(run.start().toEpochMilli())
                        .addTags(RunTag.newBuilder().setKey(TAG).setValue(run.id()))
                        .build())
                .getRunId();
        List<Param> params = new ArrayList<>();
        configuration.forEach((key, value) -> params.add(Param.newBuilder()
                .setKey(key)
                .setValue(value.substring(0, Math.min(value.length(), LONGEST_PARAM)))
                .build()));
        for (int from = 0; from < params.size(); from += MOST_PARAMS) {
            mlflow.logBatch(
                    created, List.of(), params.subList(from, Math.min(from + MOST_PARAMS, params.size())), List.of());
        }
        return created;
    }

    @Override
    public void add(List<TrackedStep> steps) throws IOException {
        List<Metric> metrics = new ArrayList<>();
        for (TrackedStep step : steps) {
            if (metrics.size() + step.values().size() > MOST_METRICS) {
                send(metrics);
                metrics.clear();
            }
            step.values()
                    .forEach((name, value) -> metrics.add(Metric.newBuilder()
                            .setKey(name)
                            .setValue(value)
                            .setTimestamp(step.time().toEpochMilli())
                            .setStep(step.version())
                            .build()));
        }
        send(metrics);
    }

    private void send(List<Metric> metrics) throws IOException {
        List<Metric> batch = List.copyOf(metrics);
        ask(mlflow -> {
            mlflow.logBatch(id, batch, List.of(), List.of());
            return id;
        });
    }

    @Override
    public long rewind(long version) {
        return version;
    }

    @Override
    public void end(Ending ending) throws IOException {
        RunStatus status = switch (ending) {
            case FINISHED -> RunStatus.FINISHED;
            case STOPPED -> RunStatus.KILLED;
            case FAILED -> RunStatus.FAILED;
        };
        ask(mlflow -> {
            mlflow.setTerminated(id, status);
            return id;
        });
    }

    @Override
    public void close() {
        MlflowClient closing = client;
        client = null;
        if (closing != null) {
            closing.close();
        }
    }

    private interface Request<T> {
        T of(MlflowClient mlflow);
    }

    /// MLflow's client waits for ever, so another thread does: it ends when the client is closed.
    private <T> T ask(Request<T> request) throws IOException {
        MlflowClient open = client;
        if (open == null) {
            throw new IOException("not open");
        }
        Callable<T> call = () -> request.of(open);
        FutureTask<T> answer = new FutureTask<>(call);
        Thread.ofPlatform().daemon().name("mlflow").start(answer);
        try {
            return answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(settings.uri() + " did not answer within " + settings.timeout(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof MlflowClientException refused) {
                throw new IOException(settings.uri() + ": " + refused.getMessage(), refused);
            }
            throw new IOException(settings.uri() + ": " + e.getCause(), e);
        }
    }
}
