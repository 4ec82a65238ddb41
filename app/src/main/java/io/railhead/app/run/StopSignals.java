package io.railhead.app.run;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Ctrl-C and SIGTERM: the first one asks for an orderly end, the second one ends the process at once.
///
/// The JDK's signal API is internal, so it is reached by reflection: a shutdown hook would do for the first signal, but
/// cannot see a second one.
public final class StopSignals {
    private static final int EXIT_AT_ONCE = 130;

    private StopSignals() {}

    /// @param onFirst called on a thread of the JVM
    /// @throws IllegalStateException if this JVM has no such API
    public static void install(Runnable onFirst) {
        AtomicInteger received = new AtomicInteger();
        Runnable handler = () -> {
            if (received.incrementAndGet() == 1) {
                onFirst.run();
            } else {
                Runtime.getRuntime().halt(EXIT_AT_ONCE);
            }
        };
        List.of("INT", "TERM").forEach(name -> handle(name, handler));
    }

    private static void handle(String signalName, Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    signalHandler.getClassLoader(),
                    new Class<?>[] {signalHandler},
                    (_, method, _) -> called(method, handler));
            signal.getMethod("handle", signal, signalHandler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(signalName), proxy);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("cannot handle SIG" + signalName, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot handle SIG" + signalName, e);
        }
    }

    private static @Nullable Object called(Method method, Runnable handler) {
        if (method.getName().equals("handle")) {
            handler.run();
            return null;
        }
        throw new IllegalStateException("a signal handler was asked for " + method);
    }
}
