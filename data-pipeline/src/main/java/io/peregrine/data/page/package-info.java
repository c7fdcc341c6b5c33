/**
 * Pages that people look at: one HTML file that needs no network, drawn in the browser from a block of JSON.
 *
 * <p>Here: the skeleton, the style and the helpers that every page shares ({@code page.html}, {@code page.css}, {@code
 * page.js}). Not here: what a page says; that is a script and the facts beside whoever makes it, such as {@code
 * data.jobs.DataReportCommand}.
 */
package io.peregrine.data.page;
