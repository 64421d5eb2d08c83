import { useState } from 'preact/hooks';
import { errorText } from '../text';
import { Dialog } from './Dialog';

interface Props {
  readonly title: string;
  /** What has to be typed. */
  readonly name: string;
  readonly action: string;
  /** What is lost. */
  readonly loss: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks for the name of something before its data is lost. */
export function NameDialog({ title, name, action, loss, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const confirm = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      await onConfirm();
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void confirm(event)}>
        <h2>{title}</h2>
        <p>{loss}</p>
        <p class="dialog-part"><label for="typed-name">Type <strong>{name}</strong> to continue.</label></p>
        <input id="typed-name" type="text" autofocus autocomplete="off" spellcheck={false} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        {problem !== null && <p role="alert" class="failure dialog-part">{problem}</p>}
        <div class="buttons">
          <button type="button" onClick={onClose}>Cancel</button>
          <button class="danger" disabled={typed !== name}>{action}</button>
        </div>
      </form>
    </Dialog>
  );
}
