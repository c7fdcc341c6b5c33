/**
 * Rules that keep or drop one document, with the measured value and the limit of every drop.
 *
 * <p>Before: {@code data.extract} made the text. After: {@code data.dedup}. Not here: language identification itself
 * ({@code data.language}) and Spark ({@code data.jobs.FilterJob}).
 *
 * <p>Read {@link io.peregrine.data.filters.DocumentFilter}, then {@link io.peregrine.data.filters.Verdict}, then {@link
 * io.peregrine.data.filters.GopherQualityFilter}; {@link io.peregrine.data.filters.DomainFilters} chooses the rules for a
 * domain, {@link io.peregrine.data.filters.FilterConfig} holds every threshold.
 */
package io.peregrine.data.filters;
