import { signal } from '@preact/signals';
import { Dialog } from './Dialog';

interface Question {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly isDangerous: boolean;
  readonly answer: (yes: boolean) => void;
}

const question = signal<Question | null>(null);

/** Asks before something that cannot simply be taken back. */
export function confirm(title: string, text: string, action: string, isDangerous = false): Promise<boolean> {
  return new Promise((resolve) => {
    const asked: Question = {
      title, text, action, isDangerous,
      answer: (yes) => {
        if (question.value === asked) question.value = null;
        resolve(yes);
      },
    };
    question.value = asked;
  });
}

export function Confirmation() {
  const asked = question.value;
  if (asked === null) return null;
  return (
    <Dialog title={asked.title} onClose={() => asked.answer(false)}>
      <h2>{asked.title}</h2>
      <p>{asked.text}</p>
      <div class="buttons">
        <button type="button" onClick={() => asked.answer(false)}>Cancel</button>
        <button type="button" class={asked.isDangerous ? 'danger' : 'primary'} autofocus onClick={() => asked.answer(true)}>{asked.action}</button>
      </div>
    </Dialog>
  );
}
