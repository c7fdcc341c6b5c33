// What OpenAI's JavaScript client hears from a server that it takes for OpenAI's, as one JSON object. Address and key come from the
// environment, as the client reads them.
import OpenAI from "openai";

const client = new OpenAI({ maxRetries: 0 });
const asked = { model: "m", messages: [{ role: "user", content: "ab" }], max_completion_tokens: 9, seed: 5 };

const models = [];
for await (const model of client.models.list()) models.push(model.id);
const whole = await client.chat.completions.create(asked);
let streamed = "";
let usage = null;
for await (const chunk of await client.chat.completions.create({
    ...asked, stream: true, stream_options: { include_usage: true } })) {
    streamed += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
}
const completion = await client.completions.create({ model: "m", prompt: "ab", max_tokens: 4, logprobs: 2, seed: 5 });
let refused = null;
try {
    await client.chat.completions.create({ ...asked, model: "another" });
} catch (error) {
    refused = { kind: error.constructor.name, status: error.status };
}
console.log(JSON.stringify({
    models, whole: whole.choices[0].message.content, finish: whole.choices[0].finish_reason, usage: whole.usage,
    streamed, streamedUsage: usage, logprobs: completion.choices[0].logprobs.tokens.length,
    completionTokens: completion.usage.completion_tokens, refused }));
