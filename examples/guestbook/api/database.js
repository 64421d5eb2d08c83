import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 5_000 });
// An idle connection that breaks is replaced by the next query; without a listener it would end the process.
pool.on("error", (error) => console.error(`Idle database connection lost: ${error.message}`));

const PATIENCE_MS = 15_000;
const CONNECTION_CODES = new Set([
  "ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", // nobody there, or gone
  "08000", "08001", "08003", "08006", // connection exceptions
  "57P01", "57P02", "57P03", // shutting down, crashed, starting up
]);

function isConnectionError(error) {
  return CONNECTION_CODES.has(error.code) || /connection (terminated|timeout)|timeout exceeded/i.test(error.message);
}

// A database restart takes a moment: requests wait for it instead of failing. Every query here may run twice.
async function query(text, values) {
  const deadline = Date.now() + PATIENCE_MS;
  for (let delay = 50; ; delay = Math.min(delay * 2, 500)) {
    try {
      return await pool.query(text, values);
    } catch (error) {
      if (!isConnectionError(error) || Date.now() + delay > deadline) throw error;
      await pause(delay);
    }
  }
}

// The lock is for two instances that start at once: CREATE … IF NOT EXISTS alone may fail then.
export const createTable = () => query(`
  BEGIN;
  SELECT pg_advisory_xact_lock(20260101);
  CREATE TABLE IF NOT EXISTS entries (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    message text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX IF NOT EXISTS entries_newest_first ON entries (created_at DESC);
  COMMIT`);

const COLUMNS = `id, name, message, created_at AS "createdAt"`;

export async function listEntries(limit) {
  const { rows } = await query(`SELECT ${COLUMNS} FROM entries ORDER BY created_at DESC LIMIT $1`, [limit]);
  return rows;
}

// The id is chosen before the first attempt, so a retry after a lost answer finds its own row and adds no second.
export async function insertEntry({ id, name, message }) {
  const { rows } = await query(
    `INSERT INTO entries (id, name, message) VALUES ($1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET id = excluded.id RETURNING ${COLUMNS}`,
    [id, name, message]);
  return rows[0];
}

export const closeDatabase = () => pool.end();
