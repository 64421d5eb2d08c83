// Known when the site is built; during development the API runs on this machine.
const BACKEND_URL = import.meta.env.VITE_BACKEND_URL || "http://localhost:10000";

async function call(path, options) {
  const response = await fetch(`${BACKEND_URL}${path}`, options);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error ?? `The server answered ${response.status}.`);
  return body;
}

export const listEntries = () => call("/api/entries");

export const addEntry = (entry) =>
  call("/api/entries", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(entry),
  });
