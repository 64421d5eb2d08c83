// The app, the build and the load of bench/build-neighbour.
//   node build-neighbour.mjs serve                  the app: some work for each request
//   node build-neighbour.mjs build MEGABYTES        the build: uses CPU, memory and disk until it is killed
//   node build-neighbour.mjs load RATE SECONDS      prints: median, p99, maximum (ms), failures
import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';

const [what, ...numbers] = process.argv.slice(2);
const [first, second] = numbers.map(Number);
await { serve, build, spin, load }[what](first, second);

function work() {
  let sum = 0;
  for (let i = 0; i < 20_000; i++) sum += Math.sqrt(i);
  return sum;
}

function serve() {
  http.createServer((_, response) => response.end(`${work()}\n`)).listen(process.env.PORT, '0.0.0.0');
}

function spin() {
  for (;;) work();
}

// Uses more busy processes than processors and most of the memory that a build may have, and writes a file again and again.
async function build(megabytes) {
  for (let i = 0; i < os.availableParallelism() * 3; i++)
    spawn(process.execPath, [process.argv[1], 'spin'], { stdio: 'inherit' });
  const pieces = Array.from({ length: Math.floor(megabytes * 0.7) }, () => Buffer.alloc(1 << 20, 1));
  const file = await open('written', 'w');
  for (let i = 0; ; i++) {
    for (const piece of pieces) piece[i % piece.length] = i;
    await file.write(pieces[0], 0, pieces[0].length, (i % 256) << 20);
    if (i % 64 === 0) await file.datasync();
  }
}

// Sends requests at a fixed rate. Each is measured from the time when it was due, so waiting for an earlier request counts too.
async function load(rate, seconds) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const times = [];
  let failed = 0;
  const one = due => new Promise(done => {
    const request = http.get(process.env.URL_TO_LOAD, { agent, headers: { host: process.env.HOST_TO_LOAD } }, response => {
      if (response.statusCode !== 200) failed++;
      response.on('end', () => done(times.push(performance.now() - due))).resume();
    });
    request.on('error', () => done(failed++));
  });
  const start = performance.now(), all = [];
  while (all.length < rate * seconds) {
    while (all.length < Math.min(rate * seconds, (performance.now() - start) / 1000 * rate)) all.push(one(start + all.length * 1000 / rate));
    await new Promise(go => setTimeout(go, 1));
  }
  await Promise.all(all);
  times.sort((a, b) => a - b);
  const at = share => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(2);
  console.log(at(0.5), at(0.99), at(1), failed);
  agent.destroy();
}
