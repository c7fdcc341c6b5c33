/**
 * What commands of the trainer share. The commands themselves stand in the packages of the work they do.
 */
package io.peregrine.trainer.cli;
