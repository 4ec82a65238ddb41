package io.railhead.app.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.PromptRejectedException;
import io.railhead.policy.TokenIds;
import io.railhead.policy.djl.DjlTrainablePolicy;
import io.railhead.policy.djl.TrainingOptions;
import java.util.List;

/// Log-probabilities of given tokens by a model, on the calling thread.
public final class TeacherForcing implements AutoCloseable {
    /// Tokens with the image placeholders expanded, and their pictures.
    ///
    /// @param where the item stands, for messages
    /// @param id any JSON, handed back as it is
    public record Item(String where, JsonNode id, TokenIds tokens, List<EncodedImage> images) {
        public Item {
            images = List.copyOf(images);
            if (tokens.size() < 2) {
                throw new UsageException(where + ": one token in input_ids predicts nothing");
            }
        }
    }

    private final DjlTrainablePolicy policy;

    private TeacherForcing(DjlTrainablePolicy policy) {
        this.policy = policy;
    }

    /// @param settings say what is computed in and where; nothing is trained, so the rest does not matter
    public static TeacherForcing open(PolicySource source, PolicySettings settings) {
        TrainingOptions options = TrainingOptions.DEFAULT
                .with(settings.training().compute())
                .withHeadTokens(settings.training().headTokens());
        return new TeacherForcing(source.trainable(options));
    }

    /// Element `i` is log p(token i + 1 given tokens 0..i).
    ///
    /// @throws UsageException naming the item that the model does not take
    public float[] logProbs(Item item) {
        try {
            return policy.logProbs(item.tokens(), item.images());
        } catch (PromptRejectedException e) {
            throw new UsageException(item.where() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        policy.close();
    }
}
