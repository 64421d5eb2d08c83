// Pushes a one-line change repeatedly, and prints for each push how long it took until the new version responded, and its parts.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import http from 'node:http';

const [runs, url] = [Number(process.argv[2]), new URL(process.argv[3])];
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const longest = 120_000;

// Lines of the push's output, and the part that ends with each.
const marks = [['Deploying express-app', 'push'], ['==> Commit', 'queue'], ['Running build command', 'checkout'], ['Build successful', 'build']];

const get = () => new Promise(resolve => {
  const request = http.get({ host: '127.0.0.1', port: url.port, path: '/', headers: { Host: url.host }, agent, timeout: 5000 }, response => {
    let text = '';
    response.on('data', chunk => { text += chunk; });
    response.on('end', () => resolve(text));
  });
  request.on('timeout', () => request.destroy());
  request.on('error', () => resolve(''));
});

async function answered(version, begun) {
  while (Date.now() - begun < longest) {
    const text = await get();
    if (text.startsWith(`version ${version} `))
      return { at: Date.now(), listening: Number(text.split(' ')[2]) };
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  throw new Error(`Version ${version} did not respond within ${longest / 1000} s.`);
}

async function push(version) {
  writeFileSync('server.js', readFileSync('server.js', 'utf8').replace(/version \d+/, `version ${version}`));
  execFileSync('git', ['commit', '-q', '-a', '-m', `Version ${version}`]);
  const begun = Date.now();
  const git = spawn('git', ['push', 'portico', 'main'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const [times, said] = [{}, []];
  const ended = new Promise(resolve => git.on('close', resolve));
  createInterface({ input: git.stderr }).on('line', line => {
    said.push(line);
    const mark = marks.find(([text, part]) => line.includes(text) && times[part] === undefined);
    if (mark)
      times[mark[1]] = Date.now();
  });
  const live = await answered(version, begun);
  if (await ended !== 0)
    throw new Error(`The push failed:\n${said.join('\n')}`);
  const at = [begun, times.push, times.queue, times.checkout, times.build, live.listening, live.at];
  const parts = at.slice(1).map((time, index) => time - at[index]);
  return [live.at - begun, ...parts].map(milliseconds => (milliseconds / 1000).toFixed(2)).join(' ');
}

for (let version = 1; version <= runs; version++)
  console.log(await push(version));
agent.destroy();
