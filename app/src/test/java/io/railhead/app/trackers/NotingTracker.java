package io.railhead.app.trackers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Keeps the versions that it is given; fails and hangs on demand.
final class NotingTracker implements Tracker {
    private final List<Long> versions = new ArrayList<>();
    private final List<Long> given = new ArrayList<>();
    private Optional<Ending> ending = Optional.empty();
    private boolean open;
    private int opened;
    private int failures;
    private long rewoundTo = -1;
    private volatile boolean hanging;

    synchronized void has(long version) {
        for (long i = 1; i <= version; i++) {
            versions.add(i);
        }
    }

    synchronized void failNext(int times) {
        failures = times;
    }

    void hang() {
        hanging = true;
    }

    synchronized void awaitVersion(long version) throws InterruptedException {
        while (versions.isEmpty() || versions.getLast() < version) {
            wait();
        }
    }

    synchronized List<Long> versions() {
        return List.copyOf(versions);
    }

    synchronized List<Long> given() {
        return List.copyOf(given);
    }

    synchronized Optional<Ending> ending() {
        return ending;
    }

    synchronized boolean isOpen() {
        return open;
    }

    synchronized int opened() {
        return opened;
    }

    synchronized long rewoundTo() {
        return rewoundTo;
    }

    @Override
    public String name() {
        return "notes";
    }

    @Override
    public synchronized long open() {
        open = true;
        opened++;
        return versions.isEmpty() ? 0 : versions.getLast();
    }

    @Override
    public void add(List<TrackedStep> steps) throws IOException {
        if (hanging) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IOException("interrupted", e);
            }
        }
        synchronized (this) {
            if (failures > 0) {
                failures--;
                throw new IOException("not now");
            }
            steps.forEach(step -> {
                versions.add(step.version());
                given.add(step.version());
            });
            notifyAll();
        }
    }

    @Override
    public synchronized long rewind(long version) {
        rewoundTo = version;
        versions.removeIf(newer -> newer > version);
        return version;
    }

    @Override
    public synchronized void end(Ending how) {
        ending = Optional.of(how);
    }

    @Override
    public synchronized void close() {
        open = false;
    }
}
