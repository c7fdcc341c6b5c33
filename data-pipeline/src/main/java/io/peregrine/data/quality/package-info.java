/**
 * A linear classifier that says how much a text is like the good examples it was trained on: hashed word n-grams,
 * logistic regression, calibrated on documents it has not seen.
 *
 * <p>{@link io.peregrine.data.quality.HashedNgrams} turns a text into features, {@link
 * io.peregrine.data.quality.LogisticTrainer} learns the weights, {@link io.peregrine.data.quality.Calibration} turns scores
 * into probabilities, {@link io.peregrine.data.quality.Evaluation} says how good they are, and {@link
 * io.peregrine.data.quality.QualityModel} is all of it as a file. {@link io.peregrine.data.quality.QualityAnnotator} is the
 * family of rules; {@code quality.cli} the commands.
 *
 * <p>The model file, little-endian: the eight bytes {@code PRGQUAL1}; an int, the length of the header; the header, JSON in
 * UTF-8 with the keys {@code bucketBits}, {@code ngramWords}, {@code charactersMax}, {@code bias}, {@code slope} and {@code
 * intercept} (the calibration) and {@code trained} (what it learned from, for people); 2^bucketBits floats, the weights;
 * 32 bytes, the SHA-256 of everything before them.
 */
package io.peregrine.data.quality;
