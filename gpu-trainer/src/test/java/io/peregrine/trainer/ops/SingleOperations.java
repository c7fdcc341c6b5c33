package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** What each operation of training is asked, forward and backward, on whichever backend and at whatever shape. */
abstract class SingleOperations extends OpsComparison {
    void embeddings(int rows) {
        int[] ids = new int[rows];
        for (int i = 0; i < rows; i++) {
            ids[i] = i % 4 == 0 ? 2 : draws.nextInt(17);
        }
        Both table = exact("table", 17, 24);
        Both out = activation("out", rows, 24);
        Both dOut = activation("dOut", rows, 24);
        Both dTable = exact("dTable", 17, 24);
        run((ops, it) -> ops.embedding().forward(it.apply(table), ids, 5.5, it.apply(out)));
        run((ops, it) -> ops.embedding().backward(it.apply(dOut), ids, 5.5, 3, it.apply(dTable)));
        agree(out, dTable);
    }

    void products(int rows, int in, int out) {
        Both x = activation("x", rows, in);
        Both w = parameter("w", out, in);
        Both y = activation("y", rows, out);
        Both base = activation("base", rows, out);
        Both sum = activation("sum", rows, out);
        Both dx = activation("dx", rows, in);
        Both dxAdded = activation("dxAdded", rows, in);
        Both dw = exact("dw", out, in);
        Both bias = exact("bias", 1, out);
        Both dBias = exact("dBias", 1, out);
        run((ops, it) -> ops.matmul().forward(it.apply(x), it.apply(w), 0.3, it.apply(y)));
        run((ops, it) -> ops.matmul().forwardAdd(it.apply(x), it.apply(w), 0.3, it.apply(base), it.apply(sum)));
        run((ops, it) -> ops.matmul().backwardInput(it.apply(base), it.apply(w), 0.7, it.apply(dx)));
        run((ops, it) -> ops.matmul().backwardInputAdd(it.apply(base), it.apply(w), 0.7, it.apply(dxAdded)));
        run((ops, it) -> ops.matmul().backwardWeight(it.apply(base), it.apply(x), 0.7, it.apply(dw)));
        run((ops, it) -> ops.matmul().backwardBias(it.apply(base), 0.7, it.apply(dBias)));
        run((ops, it) -> ops.matmul().addBias(it.apply(bias), 1.5, it.apply(base)));
        agree(y, sum, dx, dxAdded, dw, dBias, base);
    }

    void norms(int rows, int columns, int groups) {
        Both x = activation("x", rows, columns);
        Both z = activation("z", rows, columns);
        Both gain = exact("gain", 1, columns);
        Both y = activation("y", rows, columns);
        Both gated = activation("gated", rows, columns);
        Both dy = activation("dy", rows, columns);
        Both dx = activation("dx", rows, columns);
        Both dGain = exact("dGain", 1, columns);
        Both dGatedGain = exact("dGatedGain", 1, columns);
        Both dGated = activation("dGated", rows, columns);
        Both dz = activation("dz", rows, columns);
        run((ops, it) -> ops.norm().rms(it.apply(x), it.apply(gain), 1e-5, it.apply(y)));
        run((ops, it) ->
                ops.norm().rmsBackward(it.apply(x), it.apply(gain), 1e-5, it.apply(dy), it.apply(dx), it.apply(dGain)));
        run((ops, it) ->
                ops.norm().gatedRms(it.apply(x), it.apply(z), 0.6, it.apply(gain), groups, 1e-5, it.apply(gated)));
        run((ops, it) -> ops.norm()
                .gatedRmsBackward(
                        it.apply(x),
                        it.apply(z),
                        0.6,
                        it.apply(gain),
                        groups,
                        1e-5,
                        it.apply(dy),
                        it.apply(dGated),
                        it.apply(dz),
                        it.apply(dGatedGain)));
        agree(y, dx, dGain, gated, dGated, dz, dGatedGain);
    }

    void gates(int rows, int columns) {
        Both joined = activation("joined", rows, 2 * columns);
        Both dOut = activation("dOut", rows, columns);
        Both out = activation("out", rows, columns);
        Both dJoined = activation("dJoined", rows, 2 * columns);
        Both value = joined.columns(columns, 2 * columns);
        Both gate = joined.columns(0, columns);
        run((ops, it) -> ops.activation().gate(it.apply(value), it.apply(gate), 0.8, it.apply(out)));
        run((ops, it) -> ops.activation()
                .gateBackward(
                        it.apply(value),
                        it.apply(gate),
                        0.8,
                        it.apply(dOut),
                        it.apply(dJoined.columns(columns, 2 * columns)),
                        it.apply(dJoined.columns(0, columns))));
        agree(out, dJoined);
    }

    /** With a bias and without. */
    void convolutions(int seqLen, int channels, int taps) {
        Segments segments = segments(2, seqLen);
        int rows = 2 * seqLen;
        Both p = activation("p", rows, channels + 8);
        Both x = p.columns(8, channels + 8);
        Both scale = exact("scale", 1, channels);
        Both weight = exact("weight", channels, taps);
        Both bias = exact("bias", 1, channels);
        Both dBias = exact("dBias", 1, channels);
        for (boolean biased : new boolean[] {true, false}) {
            Both out = activation("out", rows, channels);
            Both dOut = activation("dOut", rows, channels);
            Both dx = activation("dx", rows, channels);
            Both dWeight = exact("dWeight", channels, taps);
            run((ops, it) -> {
                Tensor filters = it.apply(weight);
                Optional<Tensor> given = Optional.of(it.apply(bias)).filter(any -> biased);
                Optional<Tensor> taken = Optional.of(it.apply(dBias)).filter(any -> biased);
                ops.conv().forward(it.apply(x), it.apply(scale), filters, given, segments, it.apply(out));
                ops.conv()
                        .backward(
                                it.apply(x),
                                it.apply(scale),
                                filters,
                                given,
                                segments,
                                it.apply(dOut),
                                it.apply(dx),
                                it.apply(dWeight),
                                taken);
            });
            agree(out, dx, dWeight, dBias);
        }
    }

    void stepSizes(int rows) {
        Both raw = activation("raw", rows, 6);
        Both bias = exact("bias", 1, 6);
        Both dt = exact("dt", rows, 6);
        Both dDt = exact("dDt", rows, 6);
        Both dRaw = activation("dRaw", rows, 6);
        Both dBias = exact("dBias", 1, 6);
        run((ops, it) -> ops.scan().stepSizes(it.apply(raw), 2, it.apply(bias), 0.3, 1.1, it.apply(dt)));
        run((ops, it) -> ops.scan()
                .stepSizesBackward(
                        it.apply(raw), 2, it.apply(bias), 0.3, 1.1, it.apply(dDt), it.apply(dRaw), it.apply(dBias)));
        agree(dt, dRaw, dBias);
    }

    /** Step sizes from 1e-6 to 20, mostly between. */
    void scan(int seqLen, ScanOps.Dims dims) {
        scan(seqLen, dims, Resets.exact(segments(2, seqLen)));
    }

    /** @param resets of two sequences */
    void scan(int seqLen, ScanOps.Dims dims, Resets resets) {
        Scanned scanned = scanned(seqLen, dims, resets);
        for (int row = 0; row < 2 * seqLen; row++) {
            for (int head = 0; head < dims.nHeads(); head++) {
                double size = row % 29 == 3 ? 20 : row % 31 == 5 ? 1e-6 : 0.01 + 0.1 * draws.nextDouble();
                set(scanned.dt(), row, head, size);
            }
        }
        set(scanned.aLog(), 0, 0, Math.log(1e3));
        run(scanned);
        agree(
                scanned.y(),
                scanned.last(),
                scanned.dx(),
                scanned.db(),
                scanned.dc(),
                scanned.dDt(),
                scanned.dALog(),
                scanned.dDSkip());
    }

    /** Step sizes and decays as models are initialized with, so that a state reaches far; head by head. */
    void scanAsInitialized(int seqLen, ScanOps.Dims dims) {
        Scanned scanned = scanned(seqLen, dims, Resets.exact(segments(2, seqLen)));
        int nHeads = dims.nHeads();
        for (int head = 0; head < nHeads; head++) {
            set(scanned.aLog(), 0, head, Math.log(1 + 15 * draws.nextDouble()));
            for (int row = 0; row < 2 * seqLen; row++) {
                set(scanned.dt(), row, head, 1e-3 * Math.pow(100, draws.nextDouble()));
            }
        }
        run(scanned);
        int rows = 2 * seqLen;
        agreeInBlocks(scanned.y(), rows, dims.dHead());
        agreeInBlocks(scanned.last(), dims.dHead(), dims.dState());
        agreeInBlocks(scanned.dx(), rows, dims.dHead());
        agreeInBlocks(scanned.db(), rows, dims.dState());
        agreeInBlocks(scanned.dc(), rows, dims.dState());
        agreeInBlocks(scanned.dDt(), rows, 1);
        agreeInBlocks(scanned.dALog(), 1, 1);
        agreeInBlocks(scanned.dDSkip(), 1, 1);
    }

    /** What a scan of two sequences reads and writes, forward and backward. */
    private record Scanned(
            ScanOps.Dims dims,
            Resets resets,
            Both x,
            Both b,
            Both c,
            Both dt,
            Both aLog,
            Both dSkip,
            Both y,
            Both last,
            Both dy,
            Both dx,
            Both db,
            Both dc,
            Both dDt,
            Both dALog,
            Both dDSkip) {}

    private Scanned scanned(int seqLen, ScanOps.Dims dims, Resets resets) {
        int nHeads = dims.nHeads();
        int rows = 2 * seqLen;
        int inner = nHeads * dims.dHead();
        int group = dims.nGroups() * dims.dState();
        Both u = activation("u", rows, inner + 2 * group);
        Both du = activation("du", rows, inner + 2 * group);
        return new Scanned(
                dims,
                resets,
                u.columns(0, inner),
                u.columns(inner, inner + group),
                u.columns(inner + group, inner + 2 * group),
                exact("dt", rows, nHeads),
                exact("aLog", 1, nHeads),
                exact("dSkip", 1, nHeads),
                activation("y", rows, inner),
                exact("state", 2 * inner, dims.dState()),
                activation("dy", rows, inner),
                du.columns(0, inner).named("dx"),
                du.columns(inner, inner + group).named("db"),
                du.columns(inner + group, inner + 2 * group).named("dc"),
                exact("dDt", rows, nHeads),
                exact("dALog", 1, nHeads),
                exact("dDSkip", 1, nHeads));
    }

    private void run(Scanned scanned) {
        ScanOps.Dims dims = scanned.dims();
        Resets resets = scanned.resets();
        run((ops, it) -> {
            ScanOps.Inputs in = new ScanOps.Inputs(
                    it.apply(scanned.x()),
                    it.apply(scanned.b()),
                    it.apply(scanned.c()),
                    it.apply(scanned.dt()),
                    it.apply(scanned.aLog()),
                    it.apply(scanned.dSkip()));
            Tensor memory = ops.allocate(ops.scan().memory(dims, resets.batch(), resets.seqLen()));
            ops.scan().forward(dims, in, resets, memory, it.apply(scanned.y()), Optional.of(it.apply(scanned.last())));
            ops.scan()
                    .backward(
                            dims,
                            in,
                            resets,
                            memory,
                            it.apply(scanned.dy()),
                            new ScanOps.Gradients(
                                    it.apply(scanned.dx()),
                                    it.apply(scanned.db()),
                                    it.apply(scanned.dc()),
                                    it.apply(scanned.dDt()),
                                    it.apply(scanned.dALog()),
                                    it.apply(scanned.dDSkip())));
        });
    }

    void attention(int seqLen, AttentionOps.Dims dims) {
        Segments segments = segments(2, seqLen);
        int rows = 2 * seqLen;
        int queries = dims.numHeads() * dims.headDim();
        int keys = dims.numKeyValueHeads() * dims.headDim();
        Both qkv = activation("qkv", rows, queries + 2 * keys);
        Both dQkv = activation("dQkv", rows, queries + 2 * keys);
        Both out = activation("out", rows, queries);
        Both dOut = activation("dOut", rows, queries);
        Both logSumExp = exact("logSumExp", rows, dims.numHeads());
        run((ops, it) -> ops.attention().rotate(dims, it.apply(qkv.columns(0, queries + keys)), 1e4, 0.7, seqLen, 0));
        // both sides go on from the backend's rotated numbers: here it is attention that is looked at
        agree(qkv);
        qkv.exact().copyFrom(qkv.actual().onHost());
        run((ops, it) -> ops.attention()
                .forward(
                        dims,
                        it.apply(qkv.columns(0, queries)),
                        it.apply(qkv.columns(queries, queries + keys)),
                        it.apply(qkv.columns(queries + keys, queries + 2 * keys)),
                        segments,
                        it.apply(out),
                        it.apply(logSumExp)));
        agree(out, logSumExp);
        run((ops, it) -> ops.attention()
                .backward(
                        dims,
                        it.apply(qkv.columns(0, queries)),
                        it.apply(qkv.columns(queries, queries + keys)),
                        it.apply(qkv.columns(queries + keys, queries + 2 * keys)),
                        segments,
                        it.apply(out),
                        it.apply(logSumExp),
                        it.apply(dOut),
                        it.apply(dQkv.columns(0, queries)),
                        it.apply(dQkv.columns(queries, queries + keys)),
                        it.apply(dQkv.columns(queries + keys, queries + 2 * keys))));
        run((ops, it) ->
                ops.attention().rotateBackward(dims, it.apply(dQkv.columns(0, queries + keys)), 1e4, 0.7, seqLen));
        agree(
                dQkv.columns(0, queries),
                dQkv.columns(queries, queries + keys),
                dQkv.columns(queries + keys, queries + 2 * keys));
    }

    void losses(int rows, int vocab) {
        Both logits = activation("logits", rows, vocab);
        int[] targets = new int[rows + 3];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = i % 7 == 2 ? LossOps.NO_TARGET : draws.nextInt(vocab);
        }
        double[] sums = new double[4];
        sums[0] = reference.loss().loss(logits.exact(), targets, 3);
        sums[1] = tested.loss().loss(logits.actual(), targets, 3);
        sums[2] = reference.loss().lossAndGradient(logits.exact(), targets, 3, 0.01, 0.05);
        sums[3] = tested.loss().lossAndGradient(logits.actual(), targets, 3, 0.01, 0.05);
        assertThat(sums[1] / sums[0] - 1).isBetween(-1e-6, 1e-6);
        assertThat(sums[3] / sums[2] - 1).isBetween(-1e-6, 1e-6);
        agree(logits);
    }

    void optimizer() {
        Both small = parameter("small", 1, 7);
        Both large = parameter("large", 300, 411);
        List<Both> moments = List.of(exact("m", 1, 7), exact("v", 1, 7), exact("m", 300, 411), exact("v", 300, 411));
        for (Both second : List.of(moments.get(1), moments.get(3))) {
            second.exact().fill(0.5);
            second.actual().fill(0.5);
        }
        Both smallGradient = exact("g", 1, 7);
        Both largeGradient = exact("g", 300, 411);
        OptimOps.AdamW decayed = new OptimOps.AdamW(0.01, 0.9, 0.95, 1e-8, 0.1, 3, 0.7);
        OptimOps.AdamW plain = new OptimOps.AdamW(0.02, 0.9, 0.95, 1e-8, 0, 3, 0.7);
        double[] sums = new double[2];
        run((ops, it) -> {
            ops.optim()
                    .adamw(List.of(
                            new OptimOps.Update(
                                    it.apply(small),
                                    it.apply(smallGradient),
                                    it.apply(moments.get(0)),
                                    it.apply(moments.get(1)),
                                    plain),
                            new OptimOps.Update(
                                    it.apply(large),
                                    it.apply(largeGradient),
                                    it.apply(moments.get(2)),
                                    it.apply(moments.get(3)),
                                    decayed)));
            sums[ops == tested ? 1 : 0] =
                    ops.optim().sumOfSquares(List.of(it.apply(smallGradient), it.apply(largeGradient)));
            ops.optim().zero(List.of(it.apply(largeGradient)));
        });
        assertThat(sums[1] / sums[0] - 1).isBetween(-1e-6, 1e-6);
        agree(small, large, moments.get(0), moments.get(1), moments.get(2), moments.get(3), largeGradient);
        // what products read is what the step left
        Both x = activation("x", 3, 411);
        Both y = activation("y", 3, 300);
        run((ops, it) -> ops.matmul().forward(it.apply(x), it.apply(large), 1, it.apply(y)));
        agree(y);
    }
}
