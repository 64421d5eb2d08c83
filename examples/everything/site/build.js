// Copies the page and writes the API's address into it.
const { cpSync, readFileSync, rmSync, writeFileSync } = require("node:fs");

rmSync("dist", { recursive: true, force: true });
cpSync("src", "dist", { recursive: true });
const script = readFileSync("src/app.js", "utf8");
writeFileSync("dist/app.js", script.replaceAll("__API_URL__", process.env.API_URL ?? "http://localhost:10000"));
