package io.railhead.reward;

import io.railhead.actors.settings.ConfigurationException;
import java.lang.reflect.InvocationTargetException;

/// Makes a scoring function from the name of its class: a public class on the class path that implements
/// [RewardFunction] and has a public constructor without parameters.
final class CustomReward {
    private CustomReward() {}

    /// @throws ConfigurationException if there is no such class, or it cannot be made; the message names it
    static RewardFunction load(String className) {
        try {
            return Class.forName(className)
                    .asSubclass(RewardFunction.class)
                    .getConstructor()
                    .newInstance();
        } catch (ClassNotFoundException _) {
            throw refused(className, "is not on the class path");
        } catch (ClassCastException _) {
            throw refused(className, "does not implement " + RewardFunction.class.getName());
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException _) {
            throw refused(className, "is not a public class with a public constructor without parameters");
        } catch (InvocationTargetException e) {
            throw refused(className, "cannot be made: " + e.getCause());
        } catch (LinkageError e) {
            throw refused(className, "cannot be loaded: " + e);
        }
    }

    private static ConfigurationException refused(String className, String why) {
        return new ConfigurationException("railhead.reward.function = " + className + " " + why);
    }
}
