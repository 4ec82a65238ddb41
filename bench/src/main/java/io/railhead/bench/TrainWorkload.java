package io.railhead.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.railhead.policy.EncodedImage;
import io.railhead.policy.PolicyConfig;
import io.railhead.policy.TokenIds;
import io.railhead.policy.TrainingRow;
import io.railhead.transit.Seeds;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/// One train step's data: groups of ragged responses to ragged prompts that each show a picture.
///
/// @param rows one a group
/// @param advantages of all responses, in order
record TrainWorkload(List<TrainingRow> rows, List<Double> advantages) {
    private static final int GROUPS = 4;
    private static final int GROUP_SIZE = 8;
    private static final int SHORTEST_PROMPT = 60; // tokens
    private static final int LONGEST_PROMPT = 140;
    private static final int SHORTEST_RESPONSE = 8;
    private static final int LONGEST_RESPONSE = 64;
    private static final int BYTES = 256; // the first tokens of the vocabulary, none of them special
    private static final List<Integer> SIDES = List.of(4, 5, 6); // of a picture, in visual tokens
    private static final int CELL = 28; // pixels along a visual token
    private static final JsonMapper JSON = new JsonMapper();

    TrainWorkload {
        rows = List.copyOf(rows);
        advantages = List.copyOf(advantages);
    }

    static TrainWorkload draw(PolicyConfig config, long seed) throws IOException {
        Random random = Seeds.random(seed);
        List<TrainingRow> rows = new ArrayList<>();
        List<Double> advantages = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            int width = SIDES.get(random.nextInt(SIDES.size()));
            int height = SIDES.get(random.nextInt(SIDES.size()));
            int visualTokens = width * height;
            int length = random.nextInt(SHORTEST_PROMPT, LONGEST_PROMPT + 1);
            int text = length - visualTokens - 2;
            int before = random.nextInt(text);
            TokenIds prompt = words(random, before)
                    .plus(TokenIds.of(config.visionStartTokenId()))
                    .plus(TokenIds.of(random.ints(visualTokens, config.imageTokenId(), config.imageTokenId() + 1)
                            .toArray()))
                    .plus(TokenIds.of(config.visionEndTokenId()))
                    .plus(words(random, text - before));
            List<TokenIds> responses = new ArrayList<>();
            for (int i = 0; i < GROUP_SIZE; i++) {
                responses.add(words(random, random.nextInt(SHORTEST_RESPONSE, LONGEST_RESPONSE + 1)));
                advantages.add(i % 2 == 0 ? 1.0 : -1.0);
            }
            rows.add(new TrainingRow(prompt, List.of(picture(random, width * CELL, height * CELL)), responses));
        }
        return new TrainWorkload(rows, advantages);
    }

    /// The same sequences, none of which shares its prompt with another.
    TrainWorkload alone() {
        return new TrainWorkload(
                rows.stream()
                        .flatMap(row -> row.continuations().stream()
                                .map(response -> new TrainingRow(row.prefix(), row.images(), List.of(response))))
                        .toList(),
                advantages);
    }

    /// One object on one line: what another implementation needs for the same step.
    String json() {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode groups = json.putArray("groups");
        for (TrainingRow row : rows) {
            ObjectNode group =
                    groups.addObject().put("png", row.images().getFirst().toByteArray());
            row.prefix().stream().forEach(group.putArray("prompt")::add);
            ArrayNode responses = group.putArray("responses");
            row.continuations().forEach(response -> response.stream().forEach(responses.addArray()::add));
        }
        advantages.forEach(json.putArray("advantages")::add);
        return json.toString();
    }

    private static TokenIds words(Random random, int count) {
        return TokenIds.of(random.ints(count, 0, BYTES).toArray());
    }

    /// Coloured tiles.
    private static EncodedImage picture(Random random, int width, int height) throws IOException {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        Graphics2D graphics = image.createGraphics();
        for (int y = 0; y < height; y += CELL / 2) {
            for (int x = 0; x < width; x += CELL / 2) {
                graphics.setColor(new Color(random.nextInt(1 << 24)));
                graphics.fillRect(x, y, CELL / 2, CELL / 2);
            }
        }
        graphics.dispose();
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return EncodedImage.of(bytes.toByteArray());
    }
}
