/**
 * A model behind an HTTP API that clients of OpenAI's speak: {@code ./peregrine serve}.
 *
 * <p>Before: {@code trainer.generate}, whose loop continues texts side by side. A request is read and judged by {@link
 * io.peregrine.trainer.serve.RequestReader}, waits in {@link io.peregrine.trainer.serve.GenerationService}, whose one thread
 * owns the model, and is answered by {@link io.peregrine.trainer.serve.Answer}, whole or piece by piece; {@link
 * io.peregrine.trainer.serve.ApiServer} is the HTTP around it, {@link io.peregrine.trainer.serve.ServeCommand} the wiring.
 * What is asked for is the text of strangers: sizes, counts and waiting are bounded, and nothing in it is a path or code.
 */
package io.peregrine.trainer.serve;
