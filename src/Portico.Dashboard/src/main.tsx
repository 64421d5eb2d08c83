import { render } from 'preact';
import './style.css';
import { App } from './App';
import { resumeSession } from './api/session';
import { followLinks } from './router';
import { applyTheme } from './shell/theme';

// start.ts sets it: a file is missing, and the page is about to be loaded again.
if (document.documentElement.dataset.loadsAgain === undefined) {
  applyTheme();
  followLinks();
  void resumeSession();
  render(<App />, document.getElementById('app')!);
}
