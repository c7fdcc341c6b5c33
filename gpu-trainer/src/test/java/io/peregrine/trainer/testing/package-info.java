/** What tests of the trainer share: small runs on disk, with a plan and shards; and a main class that runs tests. */
package io.peregrine.trainer.testing;
