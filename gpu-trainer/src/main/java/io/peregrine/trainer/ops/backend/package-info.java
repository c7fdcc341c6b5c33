/** Which operations a command runs on, chosen by name. The only package that knows all of them. */
package io.peregrine.trainer.ops.backend;
