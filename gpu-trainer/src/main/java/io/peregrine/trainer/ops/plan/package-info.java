/**
 * Operations that compute nothing and count what tensors they were asked for: how much memory work will take, before it is
 * done.
 */
package io.peregrine.trainer.ops.plan;
