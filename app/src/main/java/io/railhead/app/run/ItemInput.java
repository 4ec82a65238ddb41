package io.railhead.app.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.Prompt;
import io.railhead.policy.TokenIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// The parts of a JSON line that ask the policy something. Messages name the line and the field.
public final class ItemInput {
    private ItemInput() {}

    /// `prompt`, and the picture at the path `image` if there is one.
    public static Prompt prompt(JsonNode line, String where) {
        if (!line.path("prompt").isTextual()) {
            throw new UsageException(where + ": prompt is not a text");
        }
        return new Prompt(where, line.path("prompt").textValue(), pictures(line, where));
    }

    public static List<EncodedImage> pictures(JsonNode line, String where) {
        if (!line.hasNonNull("image")) {
            return List.of();
        }
        if (!line.path("image").isTextual()) {
            throw new UsageException(where + ": image is not a path");
        }
        try {
            return List.of(picture(Path.of(line.path("image").textValue())));
        } catch (UsageException e) {
            throw new UsageException(where + ": " + e.getMessage(), e);
        }
    }

    public static TokenIds tokens(JsonNode line, String where) {
        JsonNode ids = line.path("input_ids");
        if (!ids.isArray() || ids.isEmpty()) {
            throw new UsageException(where + ": input_ids is not a list of token ids");
        }
        int[] tokens = new int[ids.size()];
        for (int i = 0; i < tokens.length; i++) {
            if (!ids.get(i).canConvertToInt() || ids.get(i).intValue() < 0) {
                throw new UsageException(where + ": input_ids has " + ids.get(i) + " at " + i + ", not a token id");
            }
            tokens[i] = ids.get(i).intValue();
        }
        return TokenIds.of(tokens);
    }

    /// @throws UsageException if the file is not there or empty
    public static EncodedImage picture(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length == 0) {
                throw new UsageException("picture " + file + " is empty");
            }
            return EncodedImage.of(bytes);
        } catch (NoSuchFileException e) {
            throw new UsageException("no picture " + file, e);
        } catch (IOException e) {
            throw new UsageException("picture " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
