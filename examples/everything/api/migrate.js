// Runs before each deploy goes live; safe to repeat.
const { Client } = require("pg");

async function migrate() {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(`CREATE TABLE IF NOT EXISTS jobs (
    id uuid PRIMARY KEY, words int NOT NULL, letters int NOT NULL, finished_at timestamptz NOT NULL DEFAULT now())`);
  await client.end();
}

migrate().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
