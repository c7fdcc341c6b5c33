/** What the tests of every module share; travels in the test-jar of data-pipeline. */
package io.peregrine.data.testing;
