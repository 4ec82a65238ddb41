package io.railhead.policy;

import io.railhead.policy.vision.VisionConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Pictures to patches, as Qwen2.5-VL's image processor on Pillow and NumPy computes them: RGB without alpha, resized
/// (bicubic) to sides that are multiples of `patchSize * mergeSize` within the pixel bounds, rescaled, normalised, cut
/// into patches; the still picture is repeated `temporalPatchSize` times.
///
/// No subsampling: a large picture is decoded whole, 3 bytes a pixel (4 with alpha, twice that at 16 bits), so that the
/// result is exact. `pixelLimit` and the JVM's heap bound what is decoded, by the size in the file's header.
public record ImageProcessor(
        long minPixels,
        long maxPixels,
        int patchSize,
        int temporalPatchSize,
        int mergeSize,
        double rescaleFactor,
        List<Double> mean,
        List<Double> std,
        long pixelLimit) {
    /// The largest map of ReasonMap has 278 megapixels.
    public static final long DEFAULT_PIXEL_LIMIT = 300_000_000;

    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);
    private static final int CHANNELS = 3;

    public ImageProcessor {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        VisionConfig.requirePositive("patch_size", patchSize);
        VisionConfig.requirePositive("temporal_patch_size", temporalPatchSize);
        VisionConfig.requirePositive("merge_size", mergeSize);
        if (minPixels < 1 || maxPixels < minPixels || pixelLimit < 1) {
            throw new IllegalArgumentException(
                    "min_pixels = %d, max_pixels = %d, pixel limit %d".formatted(minPixels, maxPixels, pixelLimit));
        }
        if (mean.size() != CHANNELS || std.size() != CHANNELS || std.stream().anyMatch(s -> !(s > 0))) {
            throw new IllegalArgumentException(
                    "image_mean = %s and image_std = %s are not of three channels".formatted(mean, std));
        }
    }

    /// Reads `preprocessor_config.json`, or the `image_processor` part of `processor_config.json`.
    ///
    /// @throws InvalidModelException if neither file is there, or asks for what this class does not do
    public static ImageProcessor read(Path modelDirectory) throws InvalidModelException {
        JsonSettings settings = settings(modelDirectory);
        for (String step : List.of("do_resize", "do_rescale", "do_normalize", "do_convert_rgb")) {
            if (!settings.flag(step, true)) {
                throw settings.refusal(step, "is not supported, only true is");
            }
        }
        if (settings.integer("resample", 3) != 3) {
            throw settings.refusal("resample", "is not supported, only 3 (bicubic) is");
        }
        JsonSettings size = settings.child("size").orElse(settings);
        try {
            return new ImageProcessor(
                    settings.integer("min_pixels", size.integer("shortest_edge", 56 * 56)),
                    settings.integer("max_pixels", size.integer("longest_edge", 28 * 28 * 1280)),
                    settings.integer("patch_size", 14),
                    settings.integer("temporal_patch_size", 2),
                    settings.integer("merge_size", 2),
                    settings.decimal("rescale_factor", 1 / 255.0),
                    settings.has("image_mean") ? settings.decimals("image_mean") : CLIP_MEAN,
                    settings.has("image_std") ? settings.decimals("image_std") : CLIP_STD,
                    DEFAULT_PIXEL_LIMIT);
        } catch (IllegalArgumentException e) {
            throw new InvalidModelException(settings.file(), String.valueOf(e.getMessage()), e);
        }
    }

    private static JsonSettings settings(Path modelDirectory) throws InvalidModelException {
        Path combined = modelDirectory.resolve("processor_config.json");
        Path own = modelDirectory.resolve("preprocessor_config.json");
        if (!Files.exists(own) && Files.exists(combined)) {
            return JsonSettings.read(combined)
                    .child("image_processor")
                    .orElseThrow(() -> new InvalidModelException(combined, "image_processor is missing"));
        }
        return JsonSettings.read(own);
    }

    public ImageProcessor withPixelLimit(long limit) {
        return new ImageProcessor(
                minPixels, maxPixels, patchSize, temporalPatchSize, mergeSize, rescaleFactor, mean, std, limit);
    }

    /// @throws PromptRejectedException if the picture is unreadable, too large or too elongated
    public PatchGrid patches(EncodedImage image) {
        PixelRows picture = PictureDecoder.decode(image, pixelLimit);
        if (picture.size().isTooElongated()) {
            throw new PromptRejectedException("%s: one side of %dx%d pixels is more than %d times the other"
                    .formatted(image, picture.size().width(), picture.size().height(), ImageSize.MAX_ASPECT_RATIO));
        }
        ImageSize size = resizedTo(picture.size());
        return cut(BicubicResize.resize(picture, size), size);
    }

    /// The size that a picture of this size is resized to.
    public ImageSize resizedTo(ImageSize size) {
        return size.fitted(patchSize * mergeSize, minPixels, maxPixels);
    }

    private PatchGrid cut(byte[] rgb, ImageSize size) { // [height][width][3]
        float[][] value = normalised();
        int gridH = size.height() / patchSize;
        int gridW = size.width() / patchSize;
        float[] patches =
                new float[Math.multiplyExact(gridH * gridW, CHANNELS * temporalPatchSize * patchSize * patchSize)];
        int at = 0;
        for (int cell = 0; cell < gridH * gridW; cell++) {
            int inCell = cell % (mergeSize * mergeSize);
            int merged = cell / (mergeSize * mergeSize);
            int top = (merged / (gridW / mergeSize) * mergeSize + inCell / mergeSize) * patchSize;
            int left = (merged % (gridW / mergeSize) * mergeSize + inCell % mergeSize) * patchSize;
            for (int channel = 0; channel < CHANNELS; channel++) {
                for (int time = 0; time < temporalPatchSize; time++) {
                    for (int y = top; y < top + patchSize; y++) {
                        for (int x = left; x < left + patchSize; x++) {
                            patches[at++] = value[channel][rgb[(y * size.width() + x) * CHANNELS + channel] & 255];
                        }
                    }
                }
            }
        }
        return new PatchGrid(patches, 1, gridH, gridW);
    }

    /// The float of each byte, rounded where NumPy rounds: after rescaling, then in each single-precision operation.
    private float[][] normalised() { // [channel][256]
        float[][] value = new float[CHANNELS][256];
        for (int channel = 0; channel < CHANNELS; channel++) {
            float channelMean = mean.get(channel).floatValue();
            float channelStd = std.get(channel).floatValue();
            for (int b = 0; b < 256; b++) {
                value[channel][b] = ((float) (b * rescaleFactor) - channelMean) / channelStd;
            }
        }
        return value;
    }
}
