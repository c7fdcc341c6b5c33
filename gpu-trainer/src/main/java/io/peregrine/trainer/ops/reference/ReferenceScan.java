package io.peregrine.trainer.ops.reference;

import io.peregrine.trainer.ops.Resets;
import io.peregrine.trainer.ops.ScanOps;
import io.peregrine.trainer.tensor.Shape;
import io.peregrine.trainer.tensor.Tensor;
import java.util.Optional;

/** The recurrence, token after token. The backward pass runs it again and keeps every state of one head. */
final class ReferenceScan implements ScanOps {
    /** Above this, softplus is the identity in double. */
    private static final double SOFTPLUS_LINEAR = 40;

    @Override
    public void stepSizes(Tensor raw, double scale, Tensor bias, double min, double max, Tensor dt) {
        for (int row = 0; row < raw.rows(); row++) {
            for (int head = 0; head < raw.columns(); head++) {
                double softplus = softplus(scale * raw.get(row, head) + bias.get(0, head));
                dt.set(row, head, Math.min(Math.max(softplus, min), max));
            }
        }
    }

    @Override
    public void stepSizesBackward(
            Tensor raw, double scale, Tensor bias, double min, double max, Tensor dDt, Tensor dRaw, Tensor dBias) {
        double[] dBiases = new double[raw.columns()];
        for (int row = 0; row < raw.rows(); row++) {
            for (int head = 0; head < raw.columns(); head++) {
                double before = scale * raw.get(row, head) + bias.get(0, head);
                double softplus = softplus(before);
                boolean limited = softplus < min || softplus > max;
                double d = limited ? 0 : dDt.get(row, head) * Values.sigmoid(before);
                dRaw.set(row, head, d * scale);
                dBiases[head] += d;
            }
        }
        Values.add(dBiases, dBias);
    }

    private static double softplus(double x) {
        return x > SOFTPLUS_LINEAR ? x : Math.log1p(Math.exp(x));
    }

    @Override
    public Shape memory(Dims dims, int batch, int seqLen) {
        return Shape.of(1, 1);
    }

    @Override
    public void forward(Dims dims, Inputs in, Resets resets, Tensor memory, Tensor y, Optional<Tensor> last) {
        for (int sequence = 0; sequence < resets.batch(); sequence++) {
            for (int head = 0; head < dims.nHeads(); head++) {
                double[] state = new double[dims.dHead() * dims.dState()];
                for (int t = 0; t < resets.seqLen(); t++) {
                    int row = sequence * resets.seqLen() + t;
                    advance(dims, in, head, row, decay(in, resets, sequence, t, head), state);
                    read(dims, in, head, row, state, y);
                }
                int firstRow = (sequence * dims.nHeads() + head) * dims.dHead();
                last.ifPresent(to -> Values.store(state, to.rows(firstRow, firstRow + dims.dHead())));
            }
        }
    }

    /** One token: see {@link ReferenceDecode}. */
    static void step(Dims dims, Inputs in, boolean starts, Tensor state, Tensor y) {
        for (int head = 0; head < dims.nHeads(); head++) {
            Tensor ofHead = state.rows(head * dims.dHead(), (head + 1) * dims.dHead());
            double[] values = Values.of(ofHead);
            advance(dims, in, head, 0, starts ? 0 : decay(in, 0, head, 0), values);
            read(dims, in, head, 0, values, y);
            Values.store(values, ofHead);
        }
    }

    private static double decay(Inputs in, Resets resets, int sequence, int position, int head) {
        int row = sequence * resets.seqLen() + position;
        return resets.clears(sequence, position) ? 0 : decay(in, row, head, resets.bias(sequence, position));
    }

    private static double decay(Inputs in, int row, int head, double bias) {
        return Math.exp(in.dt().get(row, head) * a(in, head) + bias);
    }

    /** {@code S = decay S + dt x (outer) B}; of a decay of 0 the state may be anything. */
    private static void advance(Dims dims, Inputs in, int head, int row, double decay, double[] state) {
        int dState = dims.dState();
        int firstB = group(dims, head) * dState;
        double dt = in.dt().get(row, head);
        for (int p = 0; p < dims.dHead(); p++) {
            double x = in.x().get(row, head * dims.dHead() + p);
            for (int n = 0; n < dState; n++) {
                double before = decay == 0 ? 0 : decay * state[p * dState + n];
                state[p * dState + n] = before + dt * x * in.b().get(row, firstB + n);
            }
        }
    }

    /** {@code y = S C + dSkip x}. */
    private static void read(Dims dims, Inputs in, int head, int row, double[] state, Tensor y) {
        int dState = dims.dState();
        int firstC = group(dims, head) * dState;
        for (int p = 0; p < dims.dHead(); p++) {
            int column = head * dims.dHead() + p;
            double sum = in.dSkip().get(0, head) * in.x().get(row, column);
            for (int n = 0; n < dState; n++) {
                sum += state[p * dState + n] * in.c().get(row, firstC + n);
            }
            y.set(row, column, sum);
        }
    }

    @Override
    public void backward(Dims dims, Inputs in, Resets resets, Tensor memory, Tensor dy, Gradients out) {
        double[] dB = new double[in.b().rows() * in.b().columns()];
        double[] dC = new double[in.c().rows() * in.c().columns()];
        double[] dALog = new double[dims.nHeads()];
        double[] dSkip = new double[dims.nHeads()];
        for (int sequence = 0; sequence < resets.batch(); sequence++) {
            for (int head = 0; head < dims.nHeads(); head++) {
                backwardHead(dims, in, resets, sequence, head, dy, out, dB, dC, dALog, dSkip);
            }
        }
        Values.store(dB, out.b());
        Values.store(dC, out.c());
        Values.add(dALog, out.aLog());
        Values.add(dSkip, out.dSkip());
    }

    private static void backwardHead(
            Dims dims,
            Inputs in,
            Resets resets,
            int sequence,
            int head,
            Tensor dy,
            Gradients out,
            double[] dB,
            double[] dC,
            double[] dALog,
            double[] dSkip) {
        int seqLen = resets.seqLen();
        int dState = dims.dState();
        int dHead = dims.dHead();
        int width = in.b().columns();
        int firstN = group(dims, head) * dState;
        double a = a(in, head);
        double[][] states = new double[seqLen][];
        double[] state = new double[dHead * dState];
        for (int t = 0; t < seqLen; t++) {
            advance(dims, in, head, sequence * seqLen + t, decay(in, resets, sequence, t, head), state);
            states[t] = state.clone();
        }

        double[] dState0 = new double[dHead * dState];
        for (int t = seqLen - 1; t >= 0; t--) {
            int row = sequence * seqLen + t;
            double dt = in.dt().get(row, head);
            double decay = decay(in, resets, sequence, t, head);
            double dDt = 0;
            double dDecay = 0;
            for (int p = 0; p < dHead; p++) {
                int column = head * dHead + p;
                double x = in.x().get(row, column);
                double dyp = dy.get(row, column);
                double dx = in.dSkip().get(0, head) * dyp;
                dSkip[head] += dyp * x;
                for (int n = 0; n < dState; n++) {
                    int at = p * dState + n;
                    double b = in.b().get(row, firstN + n);
                    dC[row * width + firstN + n] += dyp * states[t][at];
                    double d = dState0[at] + dyp * in.c().get(row, firstN + n);
                    dDt += d * x * b;
                    dx += d * dt * b;
                    dB[row * width + firstN + n] += d * dt * x;
                    if (decay != 0) {
                        dDecay += d * states[t - 1][at];
                    }
                    dState0[at] = decay * d;
                }
                out.x().set(row, column, dx);
            }
            out.dt().set(row, head, dDt + dDecay * decay * a);
            dALog[head] += dDecay * decay * dt * a;
        }
    }

    private static int group(Dims dims, int head) {
        return head / (dims.nHeads() / dims.nGroups());
    }

    private static double a(Inputs in, int head) {
        return -Math.exp(in.aLog().get(0, head));
    }
}
