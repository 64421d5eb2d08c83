import { randomUUID } from "node:crypto";
import express from "express";
import { createTable, listEntries, insertEntry, closeDatabase } from "./database.js";

const PORT = process.env.PORT || 10000;
const FRONTEND_URL = process.env.FRONTEND_URL || "http://localhost:3000";

const app = express();
let stopping = false;

// Only pages of the frontend may read answers.
app.use((req, res, next) => {
  res.setHeader("Access-Control-Allow-Origin", FRONTEND_URL);
  res.setHeader("Access-Control-Allow-Methods", "GET, POST");
  res.setHeader("Access-Control-Allow-Headers", "Content-Type");
  if (stopping) res.setHeader("Connection", "close");
  if (req.method === "OPTIONS") return res.sendStatus(204);
  next();
});

app.use(express.json({ limit: "16kb" }));

app.get("/", (req, res) => res.json({ service: "guestbook-api", entries: "/api/entries" }));

app.get("/healthz", (req, res) => res.type("text/plain").send("ok"));

app.get("/api/entries", async (req, res) => {
  const wanted = Number.parseInt(req.query.limit, 10) || 50;
  res.json(await listEntries(Math.min(Math.max(wanted, 1), 100)));
});

app.post("/api/entries", async (req, res) => {
  const name = textOf(req.body?.name);
  const message = textOf(req.body?.message);
  if (!name || name.length > 80) return res.status(400).json({ error: "A name of 1 to 80 characters is needed." });
  if (!message || message.length > 500) return res.status(400).json({ error: "A message of 1 to 500 characters is needed." });
  res.status(201).json(await insertEntry({ id: randomUUID(), name, message }));
});

app.use((req, res) => res.status(404).json({ error: `There is no ${req.method} ${req.path} here.` }));

app.use((error, req, res, next) => {
  const status = error.status ?? 500;
  if (status >= 500) console.error(error);
  res.status(status).json({ error: status < 500 ? error.message : "Something went wrong here. Please try again." });
});

// PostgreSQL refuses a NUL in a text.
function textOf(value) {
  return typeof value === "string" ? value.replaceAll("\0", "").trim() : "";
}

await createTable();
const server = app.listen(PORT, "0.0.0.0", () => console.log(`Listening on port ${PORT}`));
// Longer than any proxy keeps an idle connection, so that it is never closed under a request on its way.
server.keepAliveTimeout = 120_000;
server.headersTimeout = 125_000;

process.on("SIGTERM", () => {
  console.log("Finishing what is under way");
  stopping = true;
  server.close(async () => {
    await closeDatabase();
    process.exit(0);
  });
  server.closeIdleConnections();
});
