import { notify } from './notices';
import { Icon } from './Icon';

export function CopyButton({ text, what }: { text: string; what: string }) {
  return (
    <button type="button" class="quiet icon-button" title={`Copy ${what}`} aria-label={`Copy ${what}`} onClick={() => void copy(text, what)}>
      <Icon name="copy" />
    </button>
  );
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(`Copied ${what}.`);
  } catch {
    // Browsers allow it only on https and localhost.
    prompt(`This page cannot write to the clipboard. Copy ${what} here:`, text);
  }
}
