package io.railhead.transit.data;

/// Reads the header of a picture in memory.
public final class HeaderReading {
    private HeaderReading() {}

    public static void read(byte[] picture) {
        PictureHeader.read("picture", picture);
    }
}
