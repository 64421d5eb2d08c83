import { effect } from '@preact/signals';
import { session } from '../api/session';
import { type Draft, isChanged } from './draft';

/** Changes that are not saved, by service. They outlive their page, but not the session: they contain secrets. */
export const drafts = new Map<string, Draft>();

effect(() => {
  if (session.value.state === 'out') drafts.clear();
});

// Also while another page is shown.
addEventListener('beforeunload', (event) => {
  if ([...drafts.values()].some(isChanged)) event.preventDefault();
});
