// Generates the load of bench/api. Usage: node api.mjs create COUNT VARIABLES REPO | node api.mjs load RATE SECONDS PATH…
// It reads PORTICO_URL and PORTICO_KEY. `load` prints one line: median, p99, maximum (ms), responses per second, bytes per response.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });

export function call(path, method = 'GET', body = undefined) {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(path, process.env.PORTICO_URL), {
      agent, method,
      headers: { authorization: `Bearer ${process.env.PORTICO_KEY}`, ...(body && { 'content-type': 'application/json' }) },
    }, response => {
      const pieces = [];
      response.on('data', piece => pieces.push(piece));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(pieces).toString();
        if (response.statusCode >= 400) reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
        else resolve(text);
      });
    });
    request.on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

const details = [
  ['static_site', { publishPath: './' }],
  ['static_site', { publishPath: './', buildCommand: 'true' }],
  ['static_site', { publishPath: './', headers: [{ path: '/*', name: 'X-Frame-Options', value: 'DENY' }] }],
  ['cron_job', { runtime: 'node', schedule: '0 3 * * *', plan: 'standard', envSpecificDetails: { buildCommand: 'true', startCommand: 'node .' } }],
];

async function create(count, variables, repo) {
  const ownerId = JSON.parse(await call('/v1/owners'))[0].owner.id;
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < count; i = next++) {
      const [type, serviceDetails] = details[i % details.length];
      const envVars = Array.from({ length: variables }, (_, v) => ({ key: `VARIABLE_${v}`, value: `value ${v} of service ${i}` }));
      await call('/v1/services', 'POST', { type, name: `service-${i}`, ownerId, repo, branch: 'main', autoDeploy: 'no', envVars, serviceDetails });
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}

// Sends requests at a fixed rate, whether or not responses arrive. Each is measured from the time when it was due, so that a slow
// response is not hidden by the requests that it delays.
async function load(rate, seconds, paths) {
  const times = [], due = performance.now() + 100, waiting = [];
  let bytes = 0;
  for (let i = 0; i < rate * seconds; i++) {
    const at = due + i * 1000 / rate;
    const left = at - performance.now();
    if (left > 0) await new Promise(resolve => setTimeout(resolve, left));
    const sent = Math.max(at, performance.now() - 2); // A timer's own lateness, at most 2 ms, is not the server's.
    waiting.push(call(paths[i % paths.length]).then(text => {
      times.push(performance.now() - sent);
      bytes = Math.max(bytes, text.length);
    }));
  }
  await Promise.all(waiting);
  const took = (performance.now() - due) / 1000;
  times.sort((a, b) => a - b);
  const at = part => times[Math.min(times.length - 1, Math.ceil(part * times.length) - 1)].toFixed(1);
  console.log(at(0.5), at(0.99), at(1), (times.length / took).toFixed(1), bytes);
}

const [what, ...given] = process.argv.slice(2);
if (what === 'create') await create(Number(given[0]), Number(given[1]), given[2]);
else if (what === 'load') await load(Number(given[0]), Number(given[1]), given.slice(2));
agent.destroy();
