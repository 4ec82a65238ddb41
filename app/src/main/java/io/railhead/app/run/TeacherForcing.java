package io.railhead.app.run;

import io.railhead.policy.EncodedImage;
import io.railhead.policy.TokenIds;
import io.railhead.policy.djl.DjlTrainablePolicy;
import io.railhead.policy.djl.TrainingOptions;
import java.util.List;

/// Log-probabilities of given tokens by a model, on the calling thread.
public final class TeacherForcing implements AutoCloseable {
    /// Tokens with the image placeholders expanded, and their pictures.
    public record Item(String id, TokenIds tokens, List<EncodedImage> images) {
        public Item {
            images = List.copyOf(images);
            if (tokens.size() < 2) {
                throw new UsageException("item " + id + " has " + tokens.size() + " token, which predicts nothing");
            }
        }
    }

    private final DjlTrainablePolicy policy;

    private TeacherForcing(DjlTrainablePolicy policy) {
        this.policy = policy;
    }

    public static TeacherForcing open(PolicySource source) {
        return new TeacherForcing(source.trainable(TrainingOptions.DEFAULT));
    }

    /// Element `i` is log p(token i + 1 given tokens 0..i).
    public float[] logProbs(Item item) {
        return policy.logProbs(item.tokens(), item.images());
    }

    @Override
    public void close() {
        policy.close();
    }
}
