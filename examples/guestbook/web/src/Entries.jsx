const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function Entries({ entries, failed }) {
  if (entries === null) return failed ? null : <p className="quiet">Loading…</p>;
  if (entries.length === 0) return <p className="quiet">No entries yet. Yours is the first!</p>;

  return (
    <ul aria-label="Entries">
      {entries.map(({ id, name, message, createdAt }) => (
        <li key={id}>
          <p>{message}</p>
          <footer>
            <strong>{name}</strong> <time dateTime={createdAt}>{dates.format(new Date(createdAt))}</time>
          </footer>
        </li>
      ))}
    </ul>
  );
}
