/**
 * {@code experiment memorization-window}: how many tokens of training it takes a run's model to forget a sequence that it saw
 * once, stream by stream.
 *
 * <p>Before: {@code trainer.train} (a run with checkpoints), {@code mixture.window} (which sequences, and what their losses say).
 * After: a person, who writes the caps into a run file for {@code mixture plan}.
 *
 * <p>Reading order: {@link io.peregrine.trainer.experiments.window.MemorizationWindowCommand}; {@code WindowSettings} (how
 * much), {@code WindowSelection} (which sequences at which checkpoints), {@code LossMeasurement} and {@code LossFile} (their
 * losses, each measured once), {@code PairedLosses} (drops, with controls of the same length), {@code SourceWindow} (everything
 * that follows from them for one source at one checkpoint), {@code WindowStudy} (all together), {@code WindowFacts}, {@code
 * WindowOutput} and {@code WindowComparison} (files and page).
 *
 * <p>{@code 95-experiments/memorization-window} of a run has:
 *
 * <ul>
 *   <li>{@code losses/STEP-DIGEST-BACKEND.jsonl}: a line per sequence and checkpoint, {@code stream}, {@code row}, {@code nats}
 *       (summed) and {@code predictions}; the digest is that of the checkpoint's files. Lines are added as they are measured, and
 *       a line that was cut short by the end of a process is measured again.
 *   <li>{@code results.json}: settings, curves, fits, certificates, windows; what the page draws.
 *   <li>{@code gaps.jsonl}: a line per checkpoint, source and bin, empty bins with their reason.
 *   <li>{@code caps.yaml}: {@code mixture.streams.NAME.window-tokens} for each source that has a window, and as comments why others
 *       have none.
 *   <li>{@code report.html}.
 * </ul>
 *
 * <p>Losses are those of training: packed sequences, states reset at document boundaries, nothing drawn. The controls have
 * passed the same deduplication as what was trained on; a document longer than a sequence may have another piece on the other
 * side, which makes the gap smaller, not larger.
 */
package io.peregrine.trainer.experiments.window;
