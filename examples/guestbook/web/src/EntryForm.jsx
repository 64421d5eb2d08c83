import { useState } from "react";

export function EntryForm({ onAdd }) {
  const [name, setName] = useState("");
  const [message, setMessage] = useState("");
  const [saving, setSaving] = useState(false);

  const submit = async (event) => {
    event.preventDefault();
    setSaving(true);
    const saved = await onAdd({ name, message });
    setSaving(false);
    if (saved) setMessage("");
  };

  return (
    <form onSubmit={submit}>
      <label htmlFor="name">Your name</label>
      <input id="name" value={name} onChange={(event) => setName(event.target.value)}
        maxLength={80} autoComplete="name" required />
      <label htmlFor="message">Your message</label>
      <textarea id="message" value={message} onChange={(event) => setMessage(event.target.value)}
        maxLength={500} rows={3} required />
      <button type="submit" disabled={saving}>{saving ? "Signing…" : "Sign the guestbook"}</button>
    </form>
  );
}
