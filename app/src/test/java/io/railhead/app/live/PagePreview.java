package io.railhead.app.live;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Serves the page of a recorded run until the process is ended: `RUN_DIR STATUS_JSON_FILE`.
final class PagePreview {
    private PagePreview() {}

    public static void main(String[] args) throws Exception {
        String status = Files.readString(Path.of(args[1]));
        try (ServedPage served = ServedPage.of(Optional.of(Path.of(args[0])), () -> status)) {
            System.out.println(served.address());
            new CountDownLatch(1).await();
        }
    }
}
