// Continues sequences greedily with llama.cpp on one thread, for LlamaComparison:
//
//   node llama.mjs FOLDER MODEL.gguf CONTEXT F16|F32
//
// FOLDER is where `npm install --ignore-scripts node-llama-cpp@3.22.1` was called. Keys and values are kept as F16, llama.cpp's
// default and its fastest here, or F32 (without flash attention, which is slow on them). Reads lines "count id id ..." (how many
// tokens to add, the prompt) and answers each with "nanoseconds id id ...".
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, file, length, type] = process.argv.slice(2);
const library = join(resolve(folder), "node_modules/node-llama-cpp/dist/index.js");
const { getLlama } = await import(pathToFileURL(library));

const llama = await getLlama({ gpu: false, build: "never", maxThreads: 1, progressLogs: false, logLevel: "error" });
const model = await llama.loadModel({ modelPath: resolve(file) });
const context = await model.createContext({
  contextSize: Number(length),
  batchSize: Number(length),
  threads: 1,
  flashAttention: type === "F16",
  experimentalKvCacheKeyType: type,
  experimentalKvCacheValueType: type,
});
const sequence = context.getSequence();
console.log("ready");

for await (const line of createInterface({ input: process.stdin })) {
  const [count, ...prompt] = line.split(" ").map(Number);
  await sequence.clearHistory();
  const tokens = [];
  const start = process.hrtime.bigint();
  for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    tokens.push(token);
    if (tokens.length === count) {
      break;
    }
  }
  console.log([process.hrtime.bigint() - start, ...tokens].join(" "));
}
process.exit(0);
