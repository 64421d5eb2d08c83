import { useEffect, useRef, useState } from 'preact/hooks';
import { session, type SessionState, signIn, user } from '../api/session';
import { go, path, query } from '../router';
import { errorText } from '../text';

/** Signs in with the one-time link of the machine, whose code is in the fragment and so reaches no log, or with an API key. */
export function SignInPage() {
  const [code, setCode] = useState(() => location.hash.slice(1));
  const tried = useRef('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const enter = async (request: { code?: string; apiKey?: string }) => {
    setBusy(true);
    setProblem(null);
    try {
      await signIn(request);
      go(path.value === '/signin' ? safeTarget(query.value.get('next')) : path.value + location.search);
    } catch (error) {
      setProblem(errorText(error));
      setBusy(false);
    }
  };
  useEffect(() => {
    document.title = 'Sign in · Portico';
    // A link that is opened while this page is shown does not load it again.
    const read = () => {
      if (location.hash === '') return;
      setCode(location.hash.slice(1));
      history.replaceState(null, '', location.pathname + location.search);
    };
    read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  // A link from somebody else must not silently replace who is signed in, so then the user decides.
  const state = session.value.state;
  useEffect(() => {
    if (code === '' || state !== 'out' || tried.current === code) return;
    tried.current = code;
    void enter({ code });
  }, [state, code]);

  const shown = problem ?? reasonOf(session.value);
  const replaces = code !== '' && user.value !== null && problem === null && !isBusy;
  return (
    <main class="signin">
      <svg viewBox="0 0 32 32" width="40" height="40" aria-hidden="true"><path d="M3 11.5 16 4l13 7.5V14H3zM6 16h4v9H6zm8 0h4v9h-4zm8 0h4v9h-4zM3 26.6h26V29H3z" fill="currentColor" /></svg>
      <h1>Sign in to Portico</h1>
      {shown !== null && <p role="alert" class="problem">{shown}</p>}
      {replaces ? (
        <>
          <p>You are signed in as {user.value?.email}. This link signs in again, maybe as somebody else.</p>
          <div class="buttons">
            <button type="button" onClick={() => go('/')}>Stay signed in</button>
            <button type="button" class="primary" onClick={() => void enter({ code })}>Use the link</button>
          </div>
        </>
      ) : (
        <KeyForm isBusy={isBusy} onKey={(apiKey) => void enter({ apiKey })} />
      )}
    </main>
  );
}

/** Why it is not known yet who is signed in; null if it is. */
function reasonOf(now: SessionState): string | null {
  if (now.state === 'failed') return now.reason;
  return now.state === 'away' ? 'The server is not answering. Trying again…' : null;
}

function KeyForm({ isBusy, onKey }: { isBusy: boolean; onKey: (key: string) => void }) {
  const [key, setKey] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    onKey(key.trim());
  };
  return (
    <form onSubmit={submit}>
      <p>On the machine that runs Portico, type this and open the link that it prints:</p>
      <pre class="command"><code>portico dashboard</code></pre>
      <p class="or"><span>or</span></p>
      <label>API key
        <input type="password" name="key" required autocomplete="off" spellcheck={false} value={key} onInput={(event) => setKey(event.currentTarget.value)} />
      </label>
      <button class="primary" disabled={isBusy}>{isBusy ? 'Signing in…' : 'Sign in'}</button>
    </form>
  );
}

/** Only a path of this site: `//other.example` is a path for a router and another site for a browser. */
export function safeTarget(next: string | null): string {
  if (next === null || !/^\/(?![/\\])/.test(next)) return '/';
  return new URL(next, location.origin).origin === location.origin ? next : '/';
}
