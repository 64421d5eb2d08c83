const { randomUUID } = require("node:crypto");
const { createServer } = require("node:http");
const { Pool } = require("pg");
const { createClient } = require("redis");

const { PORT = 10000, DATABASE_URL, QUEUE_URL, QUEUE_NAME, SITE_URL, GREETING, LOG_LEVEL } = process.env;

const database = new Pool({ connectionString: DATABASE_URL });
database.on("error", (error) => console.error(`Idle database connection lost: ${error.message}`));
const queue = createClient({ url: QUEUE_URL });
queue.on("error", (error) => console.error(`Queue: ${error.message}`));

async function addJob(request) {
  const { text } = JSON.parse(await bodyOf(request));
  if (typeof text !== "string" || text.length === 0 || text.length > 2000) return [400, { error: "A text of 1 to 2000 characters is needed." }];
  const job = { id: randomUUID(), text };
  await queue.lPush(QUEUE_NAME, JSON.stringify(job));
  return [202, { id: job.id, status: "queued" }];
}

async function getJob(id) {
  const { rows } = await database.query("SELECT words, letters FROM jobs WHERE id = $1", [id]);
  return [200, rows.length > 0 ? { id, status: "done", ...rows[0] } : { id, status: "queued" }];
}

async function answer(request) {
  const job = /^\/jobs\/([0-9a-f-]{36})$/.exec(request.url);
  if (request.method === "OPTIONS") return [204];
  if (request.method === "POST" && request.url === "/jobs") return addJob(request);
  if (request.method === "GET" && job) return getJob(job[1]);
  if (request.method === "GET" && request.url === "/healthz") return [200, { ok: true }];
  if (request.method === "GET" && request.url === "/") return [200, { greeting: GREETING }];
  return [404, { error: `There is no ${request.method} ${request.url} here.` }];
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const server = createServer(async (request, response) => {
  if (LOG_LEVEL === "debug") console.log(`${request.method} ${request.url}`);
  const [status, body] = await answer(request).catch((error) => {
    if (error instanceof SyntaxError) return [400, { error: "The body must be JSON." }];
    console.error(error);
    return [500, { error: "Something went wrong here. Please try again." }];
  });
  response.setHeader("Access-Control-Allow-Origin", SITE_URL ?? "http://localhost:3000");
  response.setHeader("Access-Control-Allow-Headers", "Content-Type");
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(body && JSON.stringify(body));
});
// Longer than any proxy keeps an idle connection.
server.keepAliveTimeout = 120_000;

process.on("SIGTERM", () => {
  server.close(async () => {
    await Promise.allSettled([database.end(), queue.close()]);
    process.exit(0);
  });
  server.closeIdleConnections();
});

queue.connect().then(() => server.listen(PORT, "0.0.0.0", () => console.log(`Listening on port ${PORT}`)));
