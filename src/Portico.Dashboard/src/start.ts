// This file comes before all others and needs none of them: if one does not arrive, there is nobody else to say so.
import { loadAgain } from './ui/loadAgain';

let isHandled = false;

// An element's error goes to the element alone, so it is listened for on its way there.
addEventListener('error', ({ target }) => {
  const isNeeded = target instanceof HTMLScriptElement || (target instanceof HTMLLinkElement && target.rel === 'stylesheet');
  if (!isNeeded || isHandled) return;
  isHandled = true;
  if (loadAgain()) {
    // What the page would begin, such as a sign-in with a link that works once, would be cut off.
    document.documentElement.dataset.loadsAgain = '';
    return;
  }
  const text = document.createElement('p');
  text.className = 'starting';
  text.setAttribute('role', 'alert');
  text.textContent = 'The dashboard could not be loaded completely. Check the connection, then load this page again.';
  const show = () => document.body.prepend(text);
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', show);
  else show();
}, true);
