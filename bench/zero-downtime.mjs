// Generates a steady load on 64 connections of six kinds. Every request that does not get its complete, correct response is a
// failure, and is printed with the reason. Usage: zero-downtime.mjs PORT FOLDER LOGS
// FOLDER/killed: lines "INSTANCE MILLISECONDS" of the instances that were killed; FOLDER/count: requests so far; FOLDER/stop: ends the load.
// LOGS: the folder of the service's log files, in which its instances write "begun|done UPLOAD INSTANCE".
import http from 'node:http';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';

const [port, folder, logs] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const host = 'api.localhost', connections = { plain: 16, 'keep-alive': 24, slow: 8, upload: 6, events: 5, websocket: 5 };
const body = randomBytes(256 * 1024);
const stats = Object.fromEntries(Object.keys(connections).map((kind) => [kind, { made: 0, failed: 0, died: 0 }]));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let stopping = false, failures = 0;

// Sends one request. Rejects with { why, instance } unless the complete response arrived.
function ask(agent, path, { method = 'GET', payload, headers = {}, check }) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, agent, path, method, headers: { Host: host, ...headers } });
    let instance;
    const fail = (why) => reject({ why: `${why}${request.reusedSocket ? ' (connection kept alive)' : ''}`, instance });
    request.setTimeout(60000, () => request.destroy(new Error('no answer within 60 s')));
    request.on('error', (error) => fail(error.code ?? error.message));
    request.on('upgrade', (response, socket) => resolve({ socket, instance: response.headers['x-instance'] }));
    request.on('response', (response) => {
      instance = response.headers['x-instance'];
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', (error) => fail(`response interrupted: ${error.code ?? error.message}`));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode !== 200) fail(`${response.statusCode} ${text.replaceAll('\n', ' ').slice(0, 160)}`);
        else if (!response.complete || !check(text)) fail(`wrong response of ${text.length} bytes`);
        else resolve({});
      });
    });
    request.end(payload);
  });
}

async function websocket(agent) {
  const { socket, instance } = await ask(agent, '/ws', {
    headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': randomBytes(16).toString('base64') },
    check: () => false, // an answer that is no upgrade
  });
  await new Promise((resolve, reject) => {
    let sent = 0, echoed = 0, closing = false, timer;
    const end = (why) => { clearInterval(timer); socket.destroy(); why ? reject({ why, instance }) : resolve(); };
    const send = (code, text) => {
      const mask = randomBytes(4), data = Buffer.from(text);
      for (let i = 0; i < data.length; i++) data[i] ^= mask[i % 4];
      socket.write(Buffer.concat([Buffer.from([0x80 | code, 0x80 | data.length]), mask, data]));
    };
    timer = setInterval(() => {
      if (sent - echoed > 50) return end('no echo for 10 s');
      if (sent < 50) return send(1, `message ${++sent}`);
      if (echoed === sent && !closing) { closing = true; send(8, ''); }
    }, 200);
    socket.on('error', (error) => end(error.code ?? error.message));
    socket.on('close', () => end(closing ? null : `closed after ${echoed} echoes`));
    socket.on('data', (data) => {
      for (let at = 0; at < data.length; at += 2 + (data[at + 1] & 127)) if ((data[at] & 15) === 1) echoed++;
      if (closing) end(null);
    });
  });
}

const kinds = {
  plain: () => ask(false, '/', { headers: { Connection: 'close' }, check: (text) => text.startsWith('hello') }),
  'keep-alive': (agent) => ask(agent, '/', { check: (text) => text.startsWith('hello') }),
  slow: (agent) => ask(agent, '/slow', { check: (text) => text.startsWith('slow') }),
  upload: (agent, id) => ask(agent, '/', { method: 'POST', payload: body, headers: { 'Content-Length': body.length, 'X-Upload': id }, check: (text) => text === String(body.length) }),
  events: (agent) => ask(agent, '/events', { check: (text) => text.endsWith('data: 32\n\ndata: end\n\n') }),
  websocket: () => websocket(false),
};

const lines = (path) => readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => line.split(' '));
const killings = () => existsSync(`${folder}/killed`) ? lines(`${folder}/killed`) : [];
const uploads = () => readdirSync(logs).flatMap((file) => lines(`${logs}/${file}`)).filter(([what]) => what === 'begun' || what === 'done');

// Counts apart what no proxy can save: a stream that the killed instance had begun, and an upload of which a byte was sent to it. That
// instance itself recorded the upload, or the edge says in its response that the request was sent and may have been carried out, while
// an instance was killed. Everything that was not sent, and everything that can be repeated, is a failure.
function killedUnder(kind, began, { why, instance }, id) {
  if (kind === 'plain' || kind === 'keep-alive' || kind === 'slow') return undefined;
  const killed = killings();
  const had = kind === 'upload' ? uploads().filter(([, upload]) => upload === id).at(-1)?.[2] : instance;
  // An instance keeps its id when it is restarted, and may be killed again.
  const kill = killed.findLast(([victim]) => victim === had);
  if (kill) return kill.join(' at ');
  const sent = kind === 'upload' && why.includes('may have been carried out');
  return sent ? killed.find(([, at]) => Number(at) >= began - 1000 && Number(at) <= Date.now())?.join(' at ') : undefined;
}

async function work(kind) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 }), leftOut = new Set();
  while (!stopping) {
    const began = Date.now(), id = randomBytes(8).toString('hex');
    stats[kind].made++;
    try {
      await kinds[kind](agent, id);
    } catch (error) {
      const what = `${kind} after ${Date.now() - began} ms: ${error.why}`, victim = killedUnder(kind, began, error, id);
      // A connection loses at most one stream or upload when a process is killed.
      if (victim && !leftOut.has(victim)) {
        leftOut.add(victim);
        stats[kind].died++;
        console.log(`${new Date().toISOString()} APART ${what}; instance ${victim} had it and was killed`);
      } else fail(kind, what);
    }
    if (kind === 'upload') await pause(100);
  }
}

function fail(kind, what) {
  stats[kind].failed++;
  if (++failures <= 50) console.log(`${new Date().toISOString()} FAILED ${what}`);
}

// Repeating a request is correct only if it was not carried out.
function findDoubles() {
  const done = new Set();
  for (const [what, upload, instance] of uploads().filter(([what]) => what === 'done')) {
    if (done.has(upload)) fail('upload', `upload ${upload} was ${what} twice, the second time by instance ${instance}`);
    done.add(upload);
  }
  if (done.size === 0) fail('upload', `no upload is recorded in ${logs}`);
}

const ticker = setInterval(() => {
  writeFileSync(`${folder}/count`, String(Object.values(stats).reduce((sum, kind) => sum + kind.made, 0)));
  stopping = existsSync(`${folder}/stop`);
}, 200);
await Promise.all(Object.entries(connections).flatMap(([kind, count]) => Array.from({ length: count }, () => work(kind))));
clearInterval(ticker);
findDoubles();
const all = Object.values(stats).reduce((sum, kind) => ({ made: sum.made + kind.made, failed: sum.failed + kind.failed, died: sum.died + kind.died }));
const line = (name, { made, failed, died }) => console.log(`${name.padEnd(12)}${String(made).padStart(9)} requests${String(failed).padStart(6)} failed${String(died).padStart(6)} counted apart: sent to one of the ${killings().length} instances that were killed`);
for (const [kind, counted] of Object.entries(stats)) line(kind, counted);
line('all', all);
writeFileSync(`${folder}/result`, `${all.made} ${all.failed} ${all.died}\n`);
