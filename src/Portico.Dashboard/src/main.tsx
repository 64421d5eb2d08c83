import { render } from 'preact';
import './style.css';
import { App } from './App';
import { resumeSession } from './api/session';
import { followLinks } from './router';
import { applyTheme } from './shell/theme';

applyTheme();
followLinks();
void resumeSession();
render(<App />, document.getElementById('app')!);
