package io.peregrine.trainer.experiments.window;

import io.peregrine.data.seed.SeedStream;
import io.peregrine.mixture.window.Balance;
import io.peregrine.mixture.window.Certificate;
import io.peregrine.mixture.window.ChangePoint;
import io.peregrine.mixture.window.Equivalence;
import io.peregrine.mixture.window.FittedWindow;
import io.peregrine.mixture.window.ForgettingKernel;
import io.peregrine.mixture.window.GapCurve;
import io.peregrine.mixture.window.GapEstimator;
import io.peregrine.mixture.window.KernelFit;
import io.peregrine.mixture.window.RetentionSample;
import io.peregrine.mixture.window.WindowCaps;
import java.util.List;
import java.util.Optional;

/**
 * Everything that the losses of one source say at one checkpoint.
 *
 * @param source name of the stream, or {@link #ALL}
 * @param step of the checkpoint
 * @param controls sequences that were never trained on
 * @param withoutControl sequences left out because no control has their length
 * @param curve gaps by age
 * @param balance whether sequences and controls were alike before; empty if every bin is
 * @param below the bin whose gap is furthest below 0, where forgetting ends; empty if every bin is
 * @param fits curves through them, the best first; empty if the bins determine none
 * @param certificate from which age on the gap is small
 * @param changePoint where forgetting ends, if it shows
 * @param equivalence bins whose gap is within {@code eps} of 0
 * @param window where the best fit falls to {@code eps}; empty without a fit
 */
record SourceWindow(
        String source,
        int step,
        int controls,
        int withoutControl,
        GapCurve curve,
        Optional<Balance> balance,
        Optional<Balance> below,
        List<KernelFit> fits,
        Certificate certificate,
        Optional<ChangePoint> changePoint,
        List<Equivalence> equivalence,
        Optional<FittedWindow> window) {
    /** All sources together, each held against its own controls. */
    static final String ALL = "(all)";

    /** A change point that chance makes more often than this is none. */
    static final double LEVEL = 0.05;

    SourceWindow {
        fits = List.copyOf(fits);
        equivalence = List.copyOf(equivalence);
    }

    /**
     * Estimates.
     *
     * @param kernels shapes of forgetting
     * @param seed of the draws of this source at this checkpoint
     */
    static SourceWindow of(
            String source,
            int step,
            PairedLosses losses,
            int bins,
            List<ForgettingKernel> kernels,
            double eps,
            SeedStream seed) {
        RetentionSample sample = losses.sample();
        GapEstimator estimator = new GapEstimator(GapEstimator.REPLICATES, seed);
        GapCurve curve = estimator.estimate(sample, bins);
        boolean empty = curve.points().isEmpty();
        List<KernelFit> fits = empty ? List.of() : KernelFit.all(curve, kernels);
        return new SourceWindow(
                source,
                step,
                losses.controls(),
                losses.withoutControl(),
                curve,
                Balance.of(estimator.estimate(losses.before(), bins)),
                Balance.below(curve),
                fits,
                Certificate.of(curve, eps),
                empty ? Optional.empty() : ChangePoint.of(curve, seed),
                Equivalence.of(curve, eps),
                fits.stream().findFirst().map(fit -> FittedWindow.of(fit, curve, eps)));
    }

    /** The tokens to cap the source by, if there is an answer. */
    Optional<Double> cap() {
        boolean comparable = balance.filter(Balance::isAlike).isPresent()
                && below.filter(Balance::isAlike).isPresent();
        return comparable ? WindowCaps.choose(certificate, window, curve.oldestTokens()) : Optional.empty();
    }

    /** What the cap rests on, or why there is none. */
    String reason() {
        if (controls < RetentionSample.Pool.CONTROLS_MIN) {
            return "%d sequences of it were never trained on, and two at least must be: hold out more (train.validation.sequences), or measure earlier checkpoints"
                    .formatted(controls);
        }
        if (balance.isPresent() && !balance.get().isAlike()) {
            return "not comparable: before any was seen, the sequences of bin %d had a loss %.3f nats above that of their controls (p = %.2g), so the order of the stream is not random; shuffle it whole (mixture.window-sequences)"
                    .formatted(
                            balance.get().bin(),
                            balance.get().nats(),
                            balance.get().p());
        }
        if (below.isPresent() && !below.get().isAlike()) {
            return "not comparable: since they were seen, the sequences of bin %d gained %.3f nats less than their controls, which never were (p = %.2g); forgetting ends at 0, so what was learned since suits the controls better: shuffle the stream whole (mixture.window-sequences)"
                    .formatted(
                            below.get().bin(), -below.get().nats(), below.get().p());
        }
        if (certificate instanceof Certificate.Certified) {
            return "certified: from this age on the gap's upper bound is at most eps";
        }
        String notCertified = "not certified: " + ((Certificate.NotCertified) certificate).reason();
        if (cap().isPresent()) {
            return "%s; upper end of the window by the fit (%s)"
                    .formatted(notCertified, fits.get(0).title());
        }
        return notCertified + "; " + window.map(SourceWindow::describe).orElse("no curve can be fitted to so few bins");
    }

    private static String describe(FittedWindow window) {
        if (window instanceof FittedWindow.Beyond beyond) {
            return "by the fit it is beyond the oldest age, %.4g tokens".formatted(beyond.oldestTokens());
        }
        if (window instanceof FittedWindow.Below below) {
            return "by the fit it is below the youngest age, %.4g tokens".formatted(below.youngestTokens());
        }
        return "the interval of the fitted window ends beyond the oldest age";
    }
}
