package io.railhead.app.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/// The page and what it asks for. Of a request are read its method, path, query and the tag of what the browser has.
///
/// | path | answers |
/// |---|---|
/// | `/` and `/live/...` | the page |
/// | `/live` | [RunNews] as server-sent events |
/// | `/api/run` | [RunFacts] |
/// | `/api/samples?step=` | a [SampleBook.Step]; the newest without a number |
/// | `/api/picture?sha256=` | a picture that was named in such an answer |
/// | `/api/metrics?from=&generation=&run=` | a [MetricsFile.Page] of the run, or of a sibling |
///
/// A node that has no run directory answers 404 to `/api/...`, and the page does without.
public final class LiveApi {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration SEAT = Duration.ofSeconds(3);
    private static final Set<String> METRICS = Set.of("from", "generation", "run");
    private static final String NO_RUN = "this node has no run directory: ask one with the role controller or learner";

    private final ActorSystem<?> system;
    private final Executor blocking;
    private final PageFiles pages = new PageFiles();
    private final Optional<RunFiles> run;
    private final Optional<SampleBook> samples;
    private final ActorRef<LiveFeed.Command> feed;

    public LiveApi(ActorSystem<?> system, LiveSources sources) {
        this.system = system;
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
        this.run = sources.run().map(root -> new RunFiles(root, InstantSource.system()));
        this.samples = run.map(files -> new SampleBook(files.root()));
        LiveFeed.Limits limits = new LiveFeed.Limits(sources.listeners(), EVERY, sources.heartbeat());
        RunNews news = new RunNews(run.map(RunFiles::metrics), sources.status(), blocking);
        this.feed = system.systemActorOf(LiveFeed.create(limits, news), "live-feed", Props.empty());
    }

    /// Ends what is sent to listeners.
    public void stop() {
        feed.tell(LiveFeed.Stop.NOW);
        samples.ifPresent(SampleBook::close);
    }

    /// Empty if the path is none of the page's. Always answers otherwise: a failure is a response too.
    public Optional<CompletionStage<HttpResponse>> answer(HttpRequest request) {
        String path = request.getUri().path();
        Optional<PageFiles.PageFile> page = pages.at(path);
        if (page.isPresent()) {
            return Optional.of(page(request, page.get()));
        }
        return switch (path) {
            case "/live" -> Optional.of(get(request, Set.of(), _ -> listen()));
            case "/api/run" -> Optional.of(get(request, Set.of(), _ -> ofRun(this::facts)));
            case "/api/metrics" ->
                Optional.of(get(request, METRICS, parameters -> ofRun(files -> metrics(files, parameters))));
            case "/api/samples" ->
                Optional.of(get(request, Set.of("step"), parameters -> ofRun(_ -> samples(parameters))));
            case "/api/picture" ->
                Optional.of(get(request, Set.of("sha256"), parameters -> ofRun(_ -> picture(parameters))));
            case String _ -> Optional.empty();
        };
    }

    private interface Question {
        CompletionStage<HttpResponse> answer(Parameters parameters);
    }

    private interface RunQuestion {
        HttpResponse answer(RunFiles files) throws IOException, BadQueryException;
    }

    private CompletionStage<HttpResponse> page(HttpRequest request, PageFiles.PageFile page) {
        request.discardEntityBytes(system);
        boolean taken =
                request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
        return CompletableFuture.completedStage(taken ? Answers.file(request, page) : Answers.notAllowed("GET, HEAD"));
    }

    private CompletionStage<HttpResponse> get(HttpRequest request, Set<String> known, Question question) {
        request.discardEntityBytes(system);
        if (!request.method().equals(HttpMethods.GET)) {
            return CompletableFuture.completedStage(Answers.notAllowed("GET"));
        }
        try {
            return question.answer(Parameters.of(request, known));
        } catch (BadQueryException e) {
            return CompletableFuture.completedStage(Answers.error(400, String.valueOf(e.getMessage())));
        }
    }

    private CompletionStage<HttpResponse> listen() {
        return AskPattern.ask(feed, LiveFeed.Listen::new, SEAT, system.scheduler())
                .handle((seat, failure) -> failure == null
                        ? seat.stream()
                                .map(Answers::events)
                                .orElseGet(() -> Answers.error(503, "there are as many listeners as may be"))
                        : Answers.error(503, "the node ends"));
    }

    /// Files are read where waiting for them holds up nobody.
    private CompletionStage<HttpResponse> ofRun(RunQuestion question) {
        if (run.isEmpty()) {
            return CompletableFuture.completedStage(Answers.error(404, NO_RUN));
        }
        return CompletableFuture.supplyAsync(() -> answer(question, run.get()), blocking);
    }

    private HttpResponse answer(RunQuestion question, RunFiles files) {
        try {
            return question.answer(files);
        } catch (BadQueryException e) {
            return Answers.error(400, String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
            system.log().warn("the live page cannot read the run", e);
            return Answers.error(500, "the run's files cannot be read; the node's log says more");
        }
    }

    private HttpResponse facts(RunFiles files) throws IOException {
        return Answers.json(200, LiveJson.of(RunFacts.of(files)));
    }

    private HttpResponse metrics(RunFiles files, Parameters parameters) throws IOException, BadQueryException {
        long from = parameters.number("from").orElse(0L);
        Optional<Long> generation = parameters.number("generation");
        Optional<String> other = parameters.text("run").filter(name -> !name.equals(files.name()));
        Optional<MetricsFile> metrics = other.isPresent() ? files.metricsOf(other.get()) : Optional.of(files.metrics());
        return metrics.isPresent()
                ? Answers.json(200, metrics.get().page(from, generation).json())
                : Answers.error(404, "run names no run beside this one");
    }

    private HttpResponse samples(Parameters parameters) throws IOException, BadQueryException {
        return switch (samples.orElseThrow().step(parameters.number("step"))) {
            case SampleBook.Step step -> Answers.json(200, LiveJson.of(step));
            case SampleBook.Refusal.BUSY -> Answers.error(429, "another step is being looked for: ask again");
            case SampleBook.Refusal.NOT_FOUND ->
                Answers.error(
                        404,
                        "no such step in the last %d segments of the event log; railhead events and railhead replay --at read all of it"
                                .formatted(StepSamples.SEGMENTS));
        };
    }

    private HttpResponse picture(Parameters parameters) throws BadQueryException {
        String name = parameters.text("sha256").orElseThrow(() -> new BadQueryException("sha256 is missing"));
        return samples.orElseThrow()
                .picture(name)
                .map(bytes -> Answers.bytes(200, Pictures.typeOf(bytes), bytes))
                .orElseGet(() -> Answers.error(404, "sha256 names no picture of a step that was asked for lately"));
    }
}
