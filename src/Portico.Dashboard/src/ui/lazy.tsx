import type { ComponentType, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { loadAgain } from './loadAgain';
import { Problem } from './Problem';

/** A component whose code is loaded when it is first shown, so that the first page stays small. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => JSX.Element {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [, setReady] = useState(loaded !== null);
    const [hasFailed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded !== null) return;
      load().then((component) => {
        loaded = component;
        setReady(true);
      }, () => setFailed(!loadAgain()));
    }, []);
    const Component = loaded;
    if (Component !== null) return <Component {...props} />;
    // A browser does not try again to load code that was missing, so the whole page is loaded again.
    return hasFailed ? <Problem title="This page cannot be loaded" text="Portico may have been upgraded since you opened the dashboard, or the connection was lost." /> : <p class="starting" role="status">Loading…</p>;
  };
}
