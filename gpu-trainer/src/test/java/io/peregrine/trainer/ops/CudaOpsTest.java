package io.peregrine.trainer.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.peregrine.trainer.tensor.DType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each operation of training on the device, forward and backward, against the reference. */
@Tag("gpu")
class CudaOpsTest extends CudaComparison {
    private static final int ROWS = 75;

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void embeddings(DType dtype) {
        open(dtype);
        int[] ids = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            ids[i] = i % 4 == 0 ? 2 : draws.nextInt(17);
        }
        Both table = exact("table", 17, 24);
        Both out = activation("out", ROWS, 24);
        Both dOut = activation("dOut", ROWS, 24);
        Both dTable = exact("dTable", 17, 24);
        run((ops, it) -> ops.embedding().forward(it.apply(table), ids, 5.5, it.apply(out)));
        run((ops, it) -> ops.embedding().backward(it.apply(dOut), ids, 5.5, 3, it.apply(dTable)));
        agree(out, dTable);
    }

    @ParameterizedTest
    @CsvSource({"F32, 40, 24", "BF16, 40, 24", "BF16, 257, 136", "F32, 7, 5", "BF16, 7, 5"})
    void products(DType dtype, int in, int out) {
        open(dtype);
        Both x = activation("x", ROWS, in);
        Both w = parameter("w", out, in);
        Both y = activation("y", ROWS, out);
        Both base = activation("base", ROWS, out);
        Both sum = activation("sum", ROWS, out);
        Both dx = activation("dx", ROWS, in);
        Both dxAdded = activation("dxAdded", ROWS, in);
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

    @ParameterizedTest
    @CsvSource({"F32, 24, 3", "BF16, 24, 3", "F32, 256, 2", "BF16, 1024, 1", "BF16, 130, 2", "BF16, 3072, 2"})
    void norms(DType dtype, int columns, int groups) {
        open(dtype);
        Both x = activation("x", ROWS, columns);
        Both z = activation("z", ROWS, columns);
        Both gain = exact("gain", 1, columns);
        Both y = activation("y", ROWS, columns);
        Both gated = activation("gated", ROWS, columns);
        Both dy = activation("dy", ROWS, columns);
        Both dx = activation("dx", ROWS, columns);
        Both dGain = exact("dGain", 1, columns);
        Both dGatedGain = exact("dGatedGain", 1, columns);
        Both dGated = activation("dGated", ROWS, columns);
        Both dz = activation("dz", ROWS, columns);
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

    @ParameterizedTest
    @CsvSource({"F32, 24", "BF16, 24", "BF16, 13", "F32, 13"})
    void gates(DType dtype, int columns) {
        open(dtype);
        Both joined = activation("joined", ROWS, 2 * columns);
        Both dOut = activation("dOut", ROWS, columns);
        Both out = activation("out", ROWS, columns);
        Both dJoined = activation("dJoined", ROWS, 2 * columns);
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

    @ParameterizedTest
    @CsvSource({
        "F32, 1, 24, 4",
        "BF16, 2, 24, 4",
        "BF16, 3, 40, 4",
        "F32, 67, 30, 3",
        "BF16, 67, 30, 2",
        "BF16, 300, 256, 4",
        "F32, 300, 256, 4"
    })
    void convolutions(DType dtype, int seqLen, int channels, int taps) {
        open(dtype);
        Segments segments = segments(2, seqLen);
        int rows = 2 * seqLen;
        Both p = activation("p", rows, channels + 8);
        Both x = p.columns(8, channels + 8);
        Both scale = exact("scale", 1, channels);
        Both weight = exact("weight", channels, taps);
        Both bias = exact("bias", 1, channels);
        Both out = activation("out", rows, channels);
        Both dOut = activation("dOut", rows, channels);
        Both dx = activation("dx", rows, channels);
        Both dWeight = exact("dWeight", channels, taps);
        Both dBias = exact("dBias", 1, channels);
        run((ops, it) -> ops.conv()
                .forward(
                        it.apply(x),
                        it.apply(scale),
                        it.apply(weight),
                        Optional.of(it.apply(bias)),
                        segments,
                        it.apply(out)));
        run((ops, it) -> ops.conv()
                .backward(
                        it.apply(x),
                        it.apply(scale),
                        it.apply(weight),
                        Optional.of(it.apply(bias)),
                        segments,
                        it.apply(dOut),
                        it.apply(dx),
                        it.apply(dWeight),
                        Optional.of(it.apply(dBias))));
        agree(out, dx, dWeight, dBias);
    }

    @ParameterizedTest
    @CsvSource({
        "F32, 37, 4, 2, 8",
        "BF16, 37, 4, 2, 8",
        "BF16, 1, 4, 2, 64",
        "BF16, 2, 4, 2, 64",
        "BF16, 63, 4, 2, 64",
        "BF16, 64, 4, 2, 64",
        "BF16, 65, 4, 1, 64",
        "BF16, 127, 4, 2, 128",
        "BF16, 128, 4, 2, 128",
        "BF16, 129, 3, 1, 128",
        "BF16, 257, 4, 2, 64",
        "BF16, 300, 4, 2, 128",
        "F32, 129, 4, 2, 64"
    })
    void attention(DType dtype, int seqLen, int heads, int keyValueHeads, int headDim) {
        open(dtype);
        AttentionOps.Dims dims = new AttentionOps.Dims(heads, keyValueHeads, headDim);
        Segments segments = segments(2, seqLen);
        int rows = 2 * seqLen;
        int queries = heads * headDim;
        int keys = keyValueHeads * headDim;
        Both qkv = activation("qkv", rows, queries + 2 * keys);
        Both dQkv = activation("dQkv", rows, queries + 2 * keys);
        Both out = activation("out", rows, queries);
        Both dOut = activation("dOut", rows, queries);
        Both logSumExp = exact("logSumExp", rows, heads);
        run((ops, it) -> ops.attention().rotate(dims, it.apply(qkv.columns(0, queries + keys)), 1e4, 0.7, seqLen, 0));
        // both sides go on from the device's rotated numbers: here it is attention that is looked at
        agree(qkv);
        qkv.exact().copyFrom(qkv.device().onHost());
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

    @ParameterizedTest
    @CsvSource({"F32, 64", "BF16, 64", "BF16, 1003", "F32, 5"})
    void losses(DType dtype, int vocab) {
        open(dtype);
        Both logits = activation("logits", ROWS, vocab);
        int[] targets = new int[ROWS + 3];
        for (int i = 0; i < targets.length; i++) {
            targets[i] = i % 7 == 2 ? LossOps.NO_TARGET : draws.nextInt(vocab);
        }
        double[] sums = new double[4];
        sums[0] = reference.loss().loss(logits.exact(), targets, 3);
        sums[1] = cuda.loss().loss(logits.device(), targets, 3);
        sums[2] = reference.loss().lossAndGradient(logits.exact(), targets, 3, 0.01, 0.05);
        sums[3] = cuda.loss().lossAndGradient(logits.device(), targets, 3, 0.01, 0.05);
        assertThat(sums[1] / sums[0] - 1).isBetween(-1e-6, 1e-6);
        assertThat(sums[3] / sums[2] - 1).isBetween(-1e-6, 1e-6);
        agree(logits);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void optimizer(DType dtype) {
        open(dtype);
        Both small = parameter("small", 1, 7);
        Both large = parameter("large", 300, 411);
        List<Both> moments = List.of(exact("m", 1, 7), exact("v", 1, 7), exact("m", 300, 411), exact("v", 300, 411));
        for (Both second : List.of(moments.get(1), moments.get(3))) {
            second.exact().fill(0.5);
            second.device().fill(0.5);
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
            sums[ops == cuda ? 1 : 0] =
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
