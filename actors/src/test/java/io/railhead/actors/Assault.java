package io.railhead.actors;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// 100,000 messages of random bytes at a port, on four connections at a time; whoever is hung up on comes again.
public final class Assault {
    private static final int MESSAGES = 100_000;
    private static final int CONNECTIONS = 4;
    private static final long SEED = 20_261_122;

    /// A new connection to the port, with what has to be said first.
    public interface Door {
        Socket open() throws IOException;
    }

    private Assault() {}

    public static void on(Door door) throws Exception {
        AtomicInteger sent = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<Object>> attackers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Random random = new Random(SEED + i);
                attackers.add(threads.submit(() -> attack(door, random, sent)));
            }
            for (Future<Object> attacker : attackers) {
                attacker.get(120, TimeUnit.SECONDS);
            }
        }
    }

    private static Object attack(Door door, Random random, AtomicInteger sent) {
        byte[] message = new byte[256];
        while (sent.get() < MESSAGES) {
            try (Socket socket = door.open()) {
                OutputStream out = socket.getOutputStream();
                while (sent.get() < MESSAGES) {
                    random.nextBytes(message);
                    sent.incrementAndGet();
                    out.write(message, 0, 1 + random.nextInt(message.length));
                }
            } catch (IOException _) {
                sent.incrementAndGet(); // it hung up
            }
        }
        return sent;
    }
}
