/**
 * The families of rules put together: which of them judge a document, in which order, with which limits.
 *
 * <p>Before: {@code data.extract} made the text. After: {@code data.dedup}. What a rule is stands in {@code data.rules}; the
 * families are {@code data.url}, {@code data.language}, {@code data.code}, {@code data.math}, {@code data.quality}, {@code
 * data.toxicity}, {@code data.pii}, and for text the published definitions below this package: {@code datatrove}, {@code
 * dclm}, {@code dolma}, {@code redpajama}. Not here: Spark ({@code data.jobs.SignalsJob}, {@code data.jobs.FilterJob}).
 *
 * <p>Read {@link io.peregrine.data.filters.FilterConfig}, then {@link io.peregrine.data.filters.RuleSet}; {@link
 * io.peregrine.data.filters.RuleSets} says which set judges whom and how they travel to executors.
 */
package io.peregrine.data.filters;
