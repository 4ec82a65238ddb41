/// The learner: collects groups, makes train steps of them, publishes weights and commits checkpoints.
///
/// The rules are plain functions and immutable states ([GroupBuffer], [TrainingBatch], [Microbatches], [TrainStep],
/// [Checkpoints]); the actors ([Learner] and its child [TrainStepExecutor]) only turn messages into calls of them.
///
/// Knows: the conversations of the roles, trajectories, objectives, files of a run directory.
/// Does not know: rollout engines, reward functions, the curriculum, tensors or native code.
@NullMarked
package io.railhead.learner;

import org.jspecify.annotations.NullMarked;
