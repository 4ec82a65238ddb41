package io.railhead.reward;

import io.railhead.actors.settings.ConfigurationException;
import io.railhead.transit.answer.AnswerKey;
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

    /// @throws ConfigurationException if the class leaves the method for such questions out
    static void requireScoring(String className, boolean own) {
        Class<?> key = own ? OwnQuestion.class : AnswerKey.class;
        Class<?> missing = own ? RewardFunction.class : OwnReward.class; // where the method only refuses
        try {
            Class<?> declaring = load(className)
                    .getClass()
                    .getMethod("score", key, String.class)
                    .getDeclaringClass();
            if (declaring == missing) {
                throw refused(
                        className,
                        own
                                ? "scores no questions of one's own: it does not implement " + OwnReward.class.getName()
                                : "scores no questions about maps: it implements " + OwnReward.class.getName()
                                        + " alone");
            }
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every scoring function has both methods", e);
        }
    }

    private static ConfigurationException refused(String className, String why) {
        return new ConfigurationException("railhead.reward.function = " + className + " " + why);
    }
}
