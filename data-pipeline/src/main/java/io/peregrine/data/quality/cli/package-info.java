/** {@code quality} on the command line: train a model, score documents with it. Needs no Spark. */
package io.peregrine.data.quality.cli;
