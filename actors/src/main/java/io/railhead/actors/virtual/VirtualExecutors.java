package io.railhead.actors.virtual;

import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/// Gives a dispatcher a [VirtualExecutor]. Made by Pekko, by its name in the configuration.
public final class VirtualExecutors extends ExecutorServiceConfigurator {
    private final VirtualTime time;

    /// The parameters are Pekko's convention.
    public VirtualExecutors(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        this.time = ((VirtualScheduler) prerequisites.scheduler()).time();
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        return () -> new VirtualExecutor(time);
    }
}
