package io.peregrine.data.quality;

/** A text whose label is known, as features. */
record Example(Features features, boolean good) {}
