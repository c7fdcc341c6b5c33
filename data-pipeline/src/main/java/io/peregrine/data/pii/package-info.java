/**
 * Finds personal data and secrets in a text and masks them: addresses of mail and of machines, telephone numbers, bank and
 * card numbers, keys and tokens.
 *
 * <p>{@link io.peregrine.data.pii.PiiAnnotator} is the family: it counts and rewrites. One {@link
 * io.peregrine.data.pii.Detector} for each {@link io.peregrine.data.pii.PiiKind} finds the places, each a hand-written
 * scanner that looks at a bounded window around each candidate, so the time is linear in the text whatever it holds. {@link
 * io.peregrine.data.pii.PiiConfig} says what is done with each kind.
 *
 * <p>The rules are conservative: where a number has a check digit, it must hold; where it has none, the way it is written or
 * a word before it must say what it is. So names and postal addresses are not here, and a number without any sign stays.
 * Masking lowers a risk, it does not make a text anonymous.
 *
 * <p>Before: everything that measures the text as it was written. After: a text with another id.
 */
package io.peregrine.data.pii;
