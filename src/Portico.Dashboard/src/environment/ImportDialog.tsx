import { useState } from 'preact/hooks';
import { Dialog } from '../ui/Dialog';
import { bring, type Draft, summaryOf } from './draft';
import { parseDotEnv } from './dotenv';

/** Takes variables from a text such as the content of a .env file. Nothing is saved by it. */
export function ImportDialog({ draft, onImport, onClose }: { draft: Draft; onImport: (draft: Draft) => void; onClose: () => void }) {
  const [text, setText] = useState('');
  const [replacesAll, setReplacesAll] = useState(false);
  const read = parseDotEnv(text);
  const next = bring(draft, read.variables, replacesAll);
  const summary = summaryOf(next);
  return (
    <Dialog title="Import variables" class="wide" onClose={onClose}>
      <h2>Import variables</h2>
      <p>Paste the content of a <code>.env</code> file, or choose one.</p>
      <textarea class="exact import-text" rows={10} autofocus spellcheck={false} autocomplete="off" aria-label="Content of the .env file" placeholder={'LOG_LEVEL=info\nAPI_KEY="…"'} value={text}
        onInput={(event) => setText(event.currentTarget.value)} />
      <p class="import-options">
        <input type="file" aria-label="File with variables" onChange={(event) => void event.currentTarget.files?.[0]?.text().then(setText)} />
        <label><input type="checkbox" checked={replacesAll} onChange={(event) => setReplacesAll(event.currentTarget.checked)} /> Remove variables that it does not have</label>
      </p>
      <p role="status" class="soft">
        {read.variables.size === 0 ? 'No variables yet.' : summary === '' ? 'All of them have these values already.' : `${summary}. Nothing is saved yet.`}
        {read.strangeLines.length > 0 && <span class="failure"> Not a variable: {read.strangeLines.length === 1 ? 'line' : 'lines'} {read.strangeLines.slice(0, 10).join(', ')}.</span>}
      </p>
      <div class="buttons">
        <button type="button" onClick={onClose}>Cancel</button>
        <button type="button" class="primary" disabled={read.variables.size === 0} onClick={() => { onImport(next); onClose(); }}>Import</button>
      </div>
    </Dialog>
  );
}
