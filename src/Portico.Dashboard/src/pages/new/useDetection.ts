import { useEffect, useState } from 'preact/hooks';
import { call } from '../../api/client';
import type { DetectApps, DetectedApps } from '../../api/contract';
import { errorText } from '../../text';

export interface Detection {
  /** What was recognized; null while nothing is known. */
  readonly found: DetectedApps | null;
  readonly problem: string | null;
  readonly isBusy: boolean;
}

const nothing: Detection = { found: null, problem: null, isBusy: false };

/** Enough letters that a pause in typing is the end of a URL. */
const isRepository = (text: string): boolean => /^(\w+:\/\/[^/]*\/.|[^\s/@]+@[^\s:]+:.|[/~.].)/.test(text);

/** Asks the server what is in a repository, when nobody has typed for a moment. */
export function useDetection(request: DetectApps): Detection {
  const [state, setState] = useState(nothing);
  useEffect(() => {
    setState(nothing);
    if (!isRepository(request.repo)) return;
    const abort = new AbortController();
    const ask = async () => {
      setState({ ...nothing, isBusy: true });
      try {
        setState({ ...nothing, found: await call<DetectedApps>('POST /portico/v1/sources/detect', { body: request, signal: abort.signal }) });
      } catch (error) {
        if (!abort.signal.aborted) setState({ ...nothing, problem: errorText(error) });
      }
    };
    const timer = setTimeout(() => void ask(), 600);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [request.type, request.repo, request.branch, request.rootDir]);
  return state;
}
