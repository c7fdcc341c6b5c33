/** What tests of the trainer share: small runs on disk, with a plan and shards. */
package io.peregrine.trainer.testing;
