/** A part of a line with the style that its escape sequences ask for, as class names. */
export interface Span {
  readonly text: string;
  readonly style: string;
}

const escape = '\u001b';
const names: Readonly<Record<number, string>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline' };

/** Splits a line at its colours. Other escape sequences are left out, and of a line that was rewritten with `\r` only the last state is shown. */
export function spansOf(line: string): readonly Span[] {
  const shown = afterReturns(line);
  if (!shown.includes(escape)) return [{ text: shown, style: '' }];
  const spans: Span[] = [];
  let style = new Map<string, string>();
  for (const part of shown.split(/(\u001b\[[0-9;:?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b.)/)) {
    if (part.startsWith(escape)) style = part.endsWith('m') && part.startsWith('\u001b[') ? restyled(style, part.slice(2, -1)) : style;
    else if (part !== '') spans.push({ text: part, style: [...style.values()].join(' ') });
  }
  return spans;
}

export const plain = (line: string): string => spansOf(line).map((span) => span.text).join('');

function afterReturns(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf('\r') + 1);
}

function restyled(before: ReadonlyMap<string, string>, codes: string): Map<string, string> {
  const style = new Map(before);
  const numbers = codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0;
    if (code === 0) style.clear();
    else if (names[code] !== undefined) style.set(`${code}`, `ansi-${names[code]}`);
    else if (code === 22) ['1', '2'].forEach((key) => style.delete(key));
    else if (code === 23 || code === 24) style.delete(`${code - 20}`);
    else if (code === 39) style.delete('colour');
    else if (code >= 30 && code <= 37) style.set('colour', `ansi-${code - 30}`);
    else if (code >= 90 && code <= 97) style.set('colour', `ansi-${code - 90}`);
    else if (code === 38 || code === 48) at += skipped(style, code, numbers, at);
  }
  return style;
}

/** Of 256 colours the first sixteen are those of the terminal; all others are left as they are. Backgrounds could hide text, so there are none. */
function skipped(style: Map<string, string>, code: number, numbers: readonly number[], at: number): number {
  if (numbers[at + 1] === 2) return 4;
  const colour = numbers[at + 2] ?? 16;
  if (code === 38 && colour < 16) style.set('colour', `ansi-${colour % 8}`);
  return 2;
}
