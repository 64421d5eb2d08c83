import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { ago, exact } from '../text';

const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 10_000);

/** How long ago something was; the exact time is its tooltip. */
export function Time({ at }: { at: string }) {
  const text = ago(at, Math.max(now.value, Date.parse(at)));
  return <time dateTime={at} title={exact(at)}>{text}</time>;
}

/** The present, each second. */
export function useNow(): number {
  const [present, setPresent] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setPresent(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return present;
}
