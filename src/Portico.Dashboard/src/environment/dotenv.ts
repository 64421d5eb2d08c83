const quoted = /[ \t]*(?:export[ \t]+)?([^\s=#]+)[ \t]*=[ \t]*(?:'([^']*)'|"((?:\\[^]|[^"\\])*)")[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
const plain = /[ \t]*(?:export[ \t]+)?([^\s=#]+)[ \t]*=[ \t]*([^\n]*)(?:\n|$)/y;
const other = /([^\n]*)(?:\n|$)/y;

export interface DotEnv {
  readonly variables: ReadonlyMap<string, string>;
  /** Lines that are neither a variable nor a comment, from 1. */
  readonly strangeLines: readonly number[];
}

/** Reads lines such as `KEY=value`, `export KEY="two\nlines"` and `# a comment`. The last value of a key counts. */
export function parseDotEnv(text: string): DotEnv {
  const source = text.replaceAll('\r\n', '\n');
  const variables = new Map<string, string>();
  const strangeLines: number[] = [];
  let at = 0;
  while (at < source.length) {
    const line = take(quoted) ?? take(plain);
    if (line !== null) {
      variables.set(line[1] ?? '', line[3] !== undefined ? unescaped(line[3]) : line.length > 3 ? line[2] ?? '' : withoutComment(line[2] ?? ''));
      continue;
    }
    const number = source.slice(0, at).split('\n').length;
    const rest = take(other)?.[1]?.trim() ?? '';
    if (rest !== '' && !rest.startsWith('#')) strangeLines.push(number);
  }
  return { variables, strangeLines };

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found !== null) at = pattern.lastIndex;
    return found;
  }
}

const withoutComment = (value: string): string => value.replace(/(?:^|[ \t])#.*$/, '').trim();
const unescaped = (text: string): string => text.replace(/\\([^])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter);
