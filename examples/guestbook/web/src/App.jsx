import { useEffect, useState } from "react";
import { addEntry, listEntries } from "./api.js";
import { Entries } from "./Entries.jsx";
import { EntryForm } from "./EntryForm.jsx";

export function App() {
  const [entries, setEntries] = useState(null);
  const [error, setError] = useState(null);

  const load = () =>
    listEntries().then(
      (list) => { setEntries(list); setError(null); },
      (problem) => setError(`The entries could not be loaded: ${problem.message}`),
    );

  useEffect(() => { load(); }, []);

  const add = async (entry) => {
    try {
      const added = await addEntry(entry);
      setEntries((list) => [added, ...(list ?? [])]);
      setError(null);
      return true;
    } catch (problem) {
      setError(`Your entry was not saved: ${problem.message}`);
      return false;
    }
  };

  return (
    <main>
      <header>
        <h1>Guestbook</h1>
        <p>Say hello. Everyone who comes by will read it.</p>
      </header>
      <EntryForm onAdd={add} />
      {error && (
        <p role="alert" className="error">
          {error} <button type="button" onClick={load}>Try again</button>
        </p>
      )}
      <Entries entries={entries} failed={error !== null} />
    </main>
  );
}
