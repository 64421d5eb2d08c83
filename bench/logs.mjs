// Checks for bench/logs that each line of a service is stored exactly once and in order. It reads all lines through the API.
// Usage: node logs.mjs SOCKET KEY OWNER RESOURCE COUNT     Exits with 1 if a line is missing, duplicated or out of order.
import http from 'node:http';

const [socketPath, key, owner, resource, count] = process.argv.slice(2);
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

const page = start => new Promise((resolve, reject) => {
  const query = new URLSearchParams({ ownerId: owner, resource, direction: 'forward', limit: '100', startTime: start, text: 'request' });
  http.get({ socketPath, agent, path: `/v1/logs?${query}`, headers: { authorization: `Bearer ${key}` } }, response => {
    let text = '';
    response.setEncoding('utf8').on('data', piece => text += piece).on('error', reject)
      .on('end', () => response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${response.statusCode} ${text}`)));
  }).on('error', reject);
});

const seen = new Uint8Array(Number(count));
let [doubled, disordered, strange, last] = [0, 0, 0, -1];
for (let start = '2020-01-01T00:00:00Z', more = true; more;) {
  const { logs, hasMore, nextStartTime } = await page(start);
  for (const { message } of logs) {
    const number = Number(/^(?:INFO|WARN|ERROR) request (\d+) for customer \d+ took \d+ ms and was answered from the cache$/.exec(message)?.[1] ?? -1);
    if (!(number >= 0 && number < seen.length)) strange++;
    else if (seen[number]++) doubled++;
    if (number <= last) disordered++;
    last = number;
  }
  [start, more] = [nextStartTime, hasMore];
}
const missing = seen.reduce((sum, times) => sum + (times === 0), 0);
console.log(`${count} lines were printed: ${missing} are missing, ${doubled} duplicated, ${disordered} out of order, ${strange} not as printed`);
agent.destroy();
process.exitCode = missing + doubled + disordered + strange === 0 ? 0 : 1;
