package io.railhead.learner;

import com.typesafe.config.Config;
import io.railhead.actors.settings.ConfigurationException;
import io.railhead.learner.objective.Surrogate;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.List;

/// Makes an objective from the name of its class: a public class on the class path that implements [Surrogate] and
/// has either a public constructor that takes a [Config], which gets `railhead.learner.objective-options`, or one
/// without parameters.
final class CustomObjective {
    private CustomObjective() {}

    /// @throws ConfigurationException if there is no such class, or it cannot be made; the message names it
    static Surrogate load(String className, Config options) {
        try {
            Class<? extends Surrogate> type = Class.forName(className).asSubclass(Surrogate.class);
            List<Constructor<?>> withOptions = Arrays.stream(type.getConstructors())
                    .filter(c -> Arrays.equals(c.getParameterTypes(), new Class<?>[] {Config.class}))
                    .toList();
            if (withOptions.isEmpty() && !options.isEmpty()) {
                throw refused(
                        className,
                        "takes no options, but railhead.learner.objective-options has "
                                + String.join(", ", options.root().keySet()));
            }
            return type.cast(
                    withOptions.isEmpty()
                            ? type.getConstructor().newInstance()
                            : withOptions.getFirst().newInstance(options));
        } catch (ClassNotFoundException _) {
            throw refused(className, "is not on the class path");
        } catch (ClassCastException _) {
            throw refused(className, "does not implement " + Surrogate.class.getName());
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException _) {
            throw refused(
                    className,
                    "is not a public class with a public constructor that takes a Config, or has no parameters");
        } catch (InvocationTargetException e) {
            throw refused(className, "cannot be made: " + e.getCause());
        } catch (LinkageError e) {
            throw refused(className, "cannot be loaded: " + e);
        }
    }

    private static ConfigurationException refused(String className, String why) {
        return new ConfigurationException("railhead.learner.objective = " + className + " " + why);
    }
}
