package io.railhead.reward.service;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.railhead.actors.protocol.Score;
import io.railhead.protos.v1.RewardComponent;
import io.railhead.protos.v1.RewardItem;
import io.railhead.protos.v1.RewardLine;
import io.railhead.protos.v1.RewardResult;
import io.railhead.protos.v1.RewardServiceGrpc;
import io.railhead.protos.v1.ScoreReply;
import io.railhead.protos.v1.ScoreRequest;
import io.railhead.reward.ScoreItems;
import io.railhead.reward.ScoreItems.Item;
import io.railhead.transit.InvalidDataException;
import java.util.ArrayList;
import java.util.List;

/// The same over gRPC. An item is turned into the JSON that the other door takes, so that both read one form.
final class GrpcApi extends RewardServiceGrpc.RewardServiceImplBase {
    static final String DOOR = "grpc";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final ScoreItems items;
    private final BatchScorer scorer;
    private final ServiceMetrics metrics;

    GrpcApi(ScoreItems items, BatchScorer scorer, ServiceMetrics metrics) {
        this.items = items;
        this.scorer = scorer;
        this.metrics = metrics;
    }

    @Override
    public void score(ScoreRequest request, StreamObserver<ScoreReply> observer) {
        long start = System.nanoTime();
        try {
            List<Item> batch = read(request);
            scorer.score(batch).whenComplete((scores, failure) -> {
                if (failure == null) {
                    metrics.served(DOOR, batch.size(), System.nanoTime() - start);
                    observer.onNext(reply(request, scores));
                    observer.onCompleted();
                } else {
                    refuse(observer, Refusal.of(failure));
                }
            });
        } catch (Refusal refusal) {
            refuse(observer, refusal);
        }
    }

    /// Refuses calls that do not show the token.
    ServerInterceptor guard(Token token) {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                try {
                    token.check(headers.get(AUTHORIZATION));
                    return next.startCall(call, headers);
                } catch (Refusal refusal) {
                    metrics.refused(DOOR, refusal.kind());
                    call.close(status(refusal), new Metadata());
                    return new ServerCall.Listener<>() {};
                }
            }
        };
    }

    private void refuse(StreamObserver<ScoreReply> observer, Refusal refusal) {
        metrics.refused(DOOR, refusal.kind());
        observer.onError(status(refusal).asRuntimeException());
    }

    private static Status status(Refusal refusal) {
        return Status.fromCode(refusal.kind().grpc()).withDescription(refusal.said());
    }

    private List<Item> read(ScoreRequest request) {
        List<Item> batch = new ArrayList<>(request.getItemsCount());
        for (int i = 0; i < request.getItemsCount(); i++) {
            try {
                batch.add(items.read(json(request.getItems(i))));
            } catch (InvalidDataException e) {
                throw new Refusal(Refusal.Kind.MALFORMED, "items[" + i + "]: " + e.getMessage());
            }
        }
        return batch;
    }

    private static ObjectNode json(RewardItem item) {
        ObjectNode json = JSON.createObjectNode()
                .put("id", item.getId())
                .put("type", item.getType())
                .put("response", item.getResponse())
                .put("difficulty_city", item.getDifficultyCity());
        if (item.hasAnswer()) {
            json.put("answer", item.getAnswer());
        }
        if (item.hasQuestionTransferCount()) {
            json.put("question_transfer_count", item.getQuestionTransferCount());
        }
        putIfGiven(json, "station_1", item.getStation1());
        putIfGiven(json, "station_2", item.getStation2());
        putIfGiven(json, "city", item.getCity());
        if (item.getStationsCount() > 0) {
            ObjectNode stations = json.putObject("stations");
            for (RewardLine line : item.getStationsList()) {
                ArrayNode names = stations.putArray(line.getName());
                line.getStationsList().forEach(names::add);
            }
        }
        return json;
    }

    private static void putIfGiven(ObjectNode json, String field, String value) {
        if (!value.isEmpty()) {
            json.put(field, value);
        }
    }

    private static ScoreReply reply(ScoreRequest request, List<Score> scores) {
        ScoreReply.Builder reply = ScoreReply.newBuilder();
        for (int i = 0; i < scores.size(); i++) {
            Score score = scores.get(i);
            RewardResult.Builder result = reply.addResultsBuilder()
                    .setId(request.getItems(i).getId())
                    .setScore(score.reward())
                    .setCorrect(score.correct())
                    .setWeight(score.weight());
            for (Score.Component part : score.components()) {
                result.addComponents(RewardComponent.newBuilder()
                        .setName(part.name())
                        .setValue(part.value())
                        .setReason(part.reason()));
            }
        }
        return reply.build();
    }
}
