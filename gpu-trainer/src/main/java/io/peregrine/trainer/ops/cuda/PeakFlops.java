package io.peregrine.trainer.ops.cuda;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * What NVIDIA's data sheets and white papers promise of tensor cores for dense bf16 with float32 sums, by the name that the
 * driver gives a card. Sheets that print only the rate with 2:4 sparsity are halved.
 */
enum PeakFlops {
    A100("NVIDIA A[18]00[- ].*", 312e12),
    H100_PCIE("NVIDIA H[18]00 PCIe", 756e12),
    H100_NVL("NVIDIA H[12]00 NVL", 835e12),
    /** And H200, whose arithmetic is the same. */
    H100_SXM("NVIDIA (H[128]00|GH200)( .*)?", 989e12),
    H20("NVIDIA H20([- ].*)?", 148e12),
    B200("NVIDIA B200( .*)?", 2250e12),
    GB200("NVIDIA GB200( .*)?", 2500e12),
    L40S("NVIDIA L40S", 362e12),
    /** GeForce cards add up in float32 at half the rate that they are sold by. */
    RTX_4090("NVIDIA GeForce RTX 4090", 165.2e12),
    RTX_5090("NVIDIA GeForce RTX 5090", 209.5e12);

    /** A part of a card, whose share of the peak the name does not say. */
    private static final String SLICE = " MIG ";

    private final Pattern name;
    private final double flops;

    PeakFlops(String name, double flops) {
        this.name = Pattern.compile(name);
        this.flops = flops;
    }

    /** Operations a second of the card of this name, if it is known. */
    static OptionalDouble of(String card) {
        return card.contains(SLICE)
                ? OptionalDouble.empty()
                : Arrays.stream(values())
                        .filter(it -> it.name.matcher(card).matches())
                        .mapToDouble(it -> it.flops)
                        .findFirst();
    }
}
