import { secret } from '../api/client';
import { errorText } from '../text';
import { notify } from '../ui/notices';

/** Saves every line that matches. A link would not carry the page's half of the session, so the page fetches the file. */
export async function download(query: Readonly<Record<string, string>>): Promise<void> {
  try {
    const response = await fetch(`/portico/v1/logs/download?${new URLSearchParams(query)}`, { headers: { 'X-Portico-Session': secret.get() ?? '' }, credentials: 'same-origin' });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    const url = URL.createObjectURL(await response.blob());
    const link = document.createElement('a');
    link.href = url;
    link.download = 'logs.txt';
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    notify(`The logs could not be downloaded: ${errorText(error)}`, true);
  }
}
