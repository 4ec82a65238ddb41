package io.railhead.app.ablation;

import java.util.List;

/// What came of one arm with one seed.
///
/// @param arm its name, or [Arm#BASE]
/// @param seed 0 of the base
/// @param outcome how its run ended: finished, or stopped by the time limit
/// @param steps train steps, supervised ones included
/// @param responses that it was trained on, right answers included
/// @param seconds of training, without evaluation
/// @param simulatedWaitMillis that each decode step of its rollouts waited; 0 if the seconds are true
/// @param answers to the held-out questions, in the same order in all results
public record ArmResult(
        String arm,
        long seed,
        String outcome,
        long steps,
        long responses,
        double seconds,
        long simulatedWaitMillis,
        List<ArmAnswer> answers) {
    public ArmResult {
        answers = List.copyOf(answers);
    }

    public static ArmResult ofBase(List<ArmAnswer> answers) {
        return new ArmResult(Arm.BASE, 0, "base", 0, 0, 0, 0, answers);
    }
}
