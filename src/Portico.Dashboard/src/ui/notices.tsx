import { signal } from '@preact/signals';
import { errorText } from '../text';

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly isProblem: boolean;
}

const shownFor = 6000;
const notices = signal<readonly Notice[]>([]);
let last = 0;

/** Tells something that no place on the page shows. */
export function notify(text: string, isProblem = false): void {
  const id = ++last;
  notices.value = [...notices.value.slice(-2), { id, text, isProblem }];
  if (!isProblem) setTimeout(() => dismiss(id), shownFor);
}

/** Does what may be refused, and tells why if it is. */
export async function tellFailure(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    notify(errorText(error), true);
  }
}

const dismiss = (id: number): void => {
  notices.value = notices.value.filter((notice) => notice.id !== id);
};

export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <div key={notice.id} class={notice.isProblem ? 'notice bad' : 'notice'}>
          <span>{notice.text}</span>
          <button type="button" class="quiet" onClick={() => dismiss(notice.id)}>Dismiss</button>
        </div>
      ))}
    </div>
  );
}
