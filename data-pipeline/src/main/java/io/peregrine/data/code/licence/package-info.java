/**
 * Under which licence a source file is: SPDX expressions, found by tags and by fingerprints of texts and notices.
 *
 * <p>Here: {@link io.peregrine.data.code.licence.LicenceFinder} for one text, {@link
 * io.peregrine.data.code.licence.RepositoryLicences} for the files of a repository, {@link
 * io.peregrine.data.code.licence.LicenceAnnotator} for the filter stage. The fingerprints are {@code fingerprints.txt}. Not
 * legal advice: what is found is what a file says of itself, not whether that is true.
 */
package io.peregrine.data.code.licence;
