/**
 * What tests of the trainer share: small runs on disk, with a plan and shards; a main class that runs tests; and command
 * lines that are refused.
 */
package io.peregrine.trainer.testing;
