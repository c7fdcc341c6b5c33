/**
 * Judges a web document by its address before anybody looks at its text: lists of domains, hosts and addresses, and words
 * inside the address (RefinedWeb, arXiv:2306.01116, appendix G.1; FineWeb, arXiv:2406.17557).
 *
 * <p>{@link io.peregrine.data.url.WebAddress} takes an address apart; {@link io.peregrine.data.url.UrlAnnotator} measures
 * it; {@link io.peregrine.data.url.UrlConfig} names the lists. The lists of the papers are not shipped, for their licences;
 * {@link io.peregrine.data.url.BuiltInWords} is a short beginning of our own. Before: {@code data.sources} gave the document
 * its location. After: the filters decide by {@link io.peregrine.data.url.UrlAnnotator#RULES}.
 */
package io.peregrine.data.url;
