/// A run's measurements for other people's tools: TensorBoard, Weights & Biases, MLflow. All are fed from
/// `metrics.jsonl`, beside the run and never in its way.
@NullMarked
package io.railhead.app.trackers;

import org.jspecify.annotations.NullMarked;
