// SPDX-License-Identifier: MIT
// What a user of OpenAI's client may expect of serve_gguf: openai_client.mjs URL
import OpenAI from "openai";
import assert from "node:assert/strict";

const client = new OpenAI({ baseURL: process.argv[2], apiKey: "none", maxRetries: 0 });
const prompt = "12 + 7 * 3\n";
const common = { model: "m", temperature: 0, max_tokens: 64, seed: 5 };
const completion = { ...common, prompt };
const chat = { ...common, messages: [{ role: "user", content: prompt }] };
const checks = {
  "models are listed": async () => {
    const models = await client.models.list();
    assert.equal(models.data.length, 1);
    assert.match(models.data[0].id, /\.gguf$/);
  },
  "a completion has text, end and usage": async () => {
    const made = await client.completions.create(completion);
    assert.equal(made.choices.length, 1);
    assert.ok(made.choices[0].text.length > 0);
    assert.equal(made.choices[0].finish_reason, "stop");
    assert.equal(made.usage.total_tokens, made.usage.prompt_tokens + made.usage.completion_tokens);
  },
  "a stop text ends a completion and is cut off": async () => {
    const made = await client.completions.create({ ...completion, stop: "\n" });
    assert.ok(!made.choices[0].text.includes("\n"));
    const whole = await client.completions.create(completion);
    assert.ok(whole.choices[0].text.startsWith(made.choices[0].text));
  },
  "n choices are several, the same for the same seed": async () => {
    const asked = { ...completion, temperature: 1, n: 8 };
    const texts = (await client.completions.create(asked)).choices.map((one) => one.text);
    assert.equal(texts.length, 8);
    assert.ok(new Set(texts).size > 1);
    assert.deepEqual((await client.completions.create(asked)).choices.map((one) => one.text), texts);
  },
  "a streamed completion is the one that comes at once, tokens and usage too": async () => {
    const whole = await client.completions.create({ ...completion, logprobs: 2 });
    const stream = await client.completions.create(
      { ...completion, logprobs: 2, stream: true, stream_options: { include_usage: true } });
    let text = "", tokens = [], end = null, usage = null;
    for await (const event of stream) {
      usage = event.usage ?? usage;
      for (const choice of event.choices) {
        text += choice.text;
        tokens.push(...(choice.logprobs?.token_logprobs ?? []));
        end = choice.finish_reason ?? end;
      }
    }
    assert.equal(text, whole.choices[0].text);
    assert.deepEqual(tokens, whole.choices[0].logprobs.token_logprobs);
    assert.equal(end, whole.choices[0].finish_reason);
    assert.deepEqual(usage, whole.usage);
  },
  "a streamed chat is the one that comes at once": async () => {
    const whole = await client.chat.completions.create({ ...chat, logprobs: true, top_logprobs: 3 });
    const content = whole.choices[0].logprobs.content;
    assert.ok(content.every((token) => token.top_logprobs.length === 3 && token.logprob <= 0));
    let text = "";
    for await (const event of await client.chat.completions.create({ ...chat, stream: true })) {
      text += event.choices[0]?.delta?.content ?? "";
    }
    assert.equal(text, whole.choices[0].message.content);
    assert.equal(whole.choices[0].message.role, "assistant");
  },
  "a stream that the client leaves does the server no harm": async () => {
    for await (const _ of await client.chat.completions.create({ ...chat, stream: true })) break;
    assert.ok((await client.completions.create(completion)).choices[0].text.length > 0);
  },
  "many at a time get each their own answer": async () => {
    const made = await Promise.all(Array.from({ length: 64 }, (_, i) =>
      client.completions.create({ ...completion, prompt: `${i} + 1\n`, stop: "\n" })));
    assert.equal(made.length, 64);
    const alone = await client.completions.create({ ...completion, prompt: "63 + 1\n", stop: "\n" });
    assert.equal(made[63].choices[0].text, alone.choices[0].text);
  },
  "a wrong request is the client's BadRequestError, which says why": async () => {
    await assert.rejects(client.completions.create({ ...completion, max_tokens: 0 }),
                         (error) => error instanceof OpenAI.BadRequestError && /max_tokens/.test(error.message));
  },
};

let failed = 0;
for (const [title, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok: ${title}`);
  } catch (problem) {
    ++failed;
    console.log(`FAILED: ${title}: ${problem.stack}`);
  }
}
process.exit(failed);
