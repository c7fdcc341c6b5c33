/**
 * Arms: trainings that differ in what is studied and are equal in all else, and the comparison of what they come to.
 *
 * <p>An experiment file ({@code conf/experiments}) names axes; an arm is one choice on each. Every arm is trained once per
 * seed by {@code trainer.train}, on the shards of a run, in a folder of its own below {@code
 * 95-experiments/NAME-PRESET/arms}; arms of one seed begin with the same weights and read the same sequences in the same
 * order, so that differences between them are paired. What is finished is not trained again; what was killed goes on.
 *
 * <pre>
 * arms/ARM/config.json              the arm's model
 * arms/ARM/seed-1.json              what came of it, {@link io.peregrine.trainer.experiments.arms.ArmResult}
 * arms/ARM/seed-1.fingerprint       the settings that the folder beside it belongs to
 * arms/ARM/seed-1/                  a folder like 80-train
 * results.jsonl, experiment.html    all arms: a line of JSON each, and a page
 * </pre>
 *
 * <p>Read {@link io.peregrine.trainer.experiments.arms.ExperimentConfig}, then {@link
 * io.peregrine.trainer.experiments.arms.ArmRunner}, then {@link io.peregrine.trainer.experiments.arms.Comparison}.
 */
package io.peregrine.trainer.experiments.arms;
