import { useState } from 'preact/hooks';
import type { SecretFile } from '../api/contract';
import { errorText } from '../text';
import { Dialog } from '../ui/Dialog';

interface Props {
  /** Without a name: a new one. */
  readonly file: SecretFile;
  readonly taken: readonly string[];
  readonly refusal: string | null;
  readonly onSave: (name: string, content: string) => Promise<void>;
  readonly onClose: () => void;
}

/** The content of one secret file, or a new one. */
export function SecretFileDialog({ file, taken, refusal, onSave, onClose }: Props) {
  const [name, setName] = useState(file.name);
  const [content, setContent] = useState(file.content);
  const [problem, setProblem] = useState<string | null>(null);
  const isNew = file.name === '';
  const title = isNew ? 'New secret file' : file.name;
  const save = async (event: Event) => {
    event.preventDefault();
    if (isNew && taken.includes(name)) return setProblem(`There is a file ${name} already.`);
    try {
      await onSave(name, content);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <Dialog title={title} class="wide" onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        <h2>{title}</h2>
        {isNew && <p class="dialog-part"><label for="file-name">Name</label> <input id="file-name" type="text" class="exact" required autofocus placeholder="service-account.json" spellcheck={false} autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} /></p>}
        <textarea class="exact import-text" rows={12} wrap="off" spellcheck={false} autocomplete="off" readOnly={refusal !== null} aria-label={`Content of ${isNew ? 'the new file' : file.name}`} value={content} onInput={(event) => setContent(event.currentTarget.value)} />
        {refusal === null && <p class="import-options"><input type="file" aria-label="File with the content" onChange={(event) => void event.currentTarget.files?.[0]?.text().then(setContent)} /></p>}
        {problem !== null && <p role="alert" class="failure dialog-part">{problem}</p>}
        <div class="buttons">
          <button type="button" onClick={onClose}>{refusal === null ? 'Cancel' : 'Close'}</button>
          {refusal === null && <button class="primary" disabled={!isNew && content === file.content}>Save</button>}
        </div>
      </form>
    </Dialog>
  );
}
