const { setTimeout: pause } = require("node:timers/promises");
const { Pool } = require("pg");
const { createClient } = require("redis");

const { QUEUE_URL, QUEUE_NAME, SCORER_ADDRESS, SCORER_TOKEN } = process.env;
const TAKEN = `${QUEUE_NAME}:taken`;

const database = new Pool(); // reads PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD
database.on("error", (error) => console.error(`Idle database connection lost: ${error.message}`));
const queue = createClient({ url: QUEUE_URL });
queue.on("error", (error) => console.error(`Queue: ${error.message}`));

let stopping = false;
process.on("SIGTERM", () => { stopping = true; });

async function score(text) {
  const response = await fetch(`http://${SCORER_ADDRESS}/score`, {
    method: "POST",
    headers: { Authorization: `Bearer ${SCORER_TOKEN}`, "Content-Type": "text/plain" },
    body: text,
  });
  if (!response.ok) throw new Error(`The scorer answered ${response.status}.`);
  return response.json();
}

async function handle(entry) {
  const { id, text } = JSON.parse(entry);
  const { words, letters } = await score(text);
  await database.query("INSERT INTO jobs (id, words, letters) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING", [id, words, letters]);
  await queue.lRem(TAKEN, 1, entry);
  console.log(`Job ${id}: ${words} words`);
}

// A job leaves the queue only when its result is stored: what a crash interrupts is taken up again, here.
async function takeUpAgain() {
  while (await queue.lMove(TAKEN, QUEUE_NAME, "RIGHT", "RIGHT")) { /* until none is left */ }
}

async function work() {
  await queue.connect();
  await takeUpAgain();
  console.log("Waiting for jobs");
  while (!stopping) {
    try {
      const entry = await queue.blMove(QUEUE_NAME, TAKEN, "RIGHT", "LEFT", 1);
      if (entry) await handle(entry);
    } catch (error) {
      console.error(`Will try again: ${error.message}`);
      await pause(1_000);
      if (queue.isReady) await takeUpAgain();
    }
  }
  await Promise.allSettled([database.end(), queue.close()]);
}

work();
