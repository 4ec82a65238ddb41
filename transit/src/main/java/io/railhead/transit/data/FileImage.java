package io.railhead.transit.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A picture in a file, read anew on each call: the maps of real cities have up to ten megabytes.
public record FileImage(String name, Path file) implements ImageSource {
    @Override
    public byte[] load() throws IOException {
        return Files.readAllBytes(file);
    }
}
