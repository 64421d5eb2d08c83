import { useEffect, useState } from 'preact/hooks';

export interface Loaded<T> {
  readonly value: T | null;
  readonly error: Error | null;
}

/** Loads something, and loads it again when a key changes. What was loaded stays until its successor is there. */
export function useLoaded<T>(load: (signal: AbortSignal) => Promise<T>, keys: readonly unknown[]): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ value: null, error: null });
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => setLoaded({ value, error: null }),
      (error: unknown) => {
        if (!abort.signal.aborted && error instanceof Error) setLoaded((before) => ({ value: before.value, error }));
      },
    );
    return () => abort.abort();
  }, keys);
  return loaded;
}
