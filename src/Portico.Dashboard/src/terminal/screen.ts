import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import type { ShellSize } from '../api/contract';

export interface Screen {
  readonly terminal: Terminal;
  readonly size: () => ShellSize;
  readonly dispose: () => void;
}

/** Light text on a dark ground in both themes, as in most terminals: programs choose their colors for that. */
const colors = { background: '#0e1014', foreground: '#e7e9ee', cursor: '#93a7ff', cursorAccent: '#0e1014', selectionBackground: '#3a4f9a' };

/** A terminal that fills its place, and stays so large. */
export function openScreen(place: HTMLElement, onSize: (size: ShellSize) => void): Screen {
  const terminal = new Terminal({ fontFamily: getComputedStyle(place).fontFamily, fontSize: 13, scrollback: 5000, theme: colors, minimumContrastRatio: 4.5, screenReaderMode: true });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(place);
  fit.fit();
  const size = () => ({ columns: terminal.cols, rows: terminal.rows });
  terminal.onResize(() => onSize(size()));
  const resized = new ResizeObserver(() => fit.fit());
  resized.observe(place);
  return {
    terminal, size,
    dispose: () => {
      resized.disconnect();
      terminal.dispose();
    },
  };
}

/** Its styles are loaded with the first terminal. */
export function loadStyles(): void {
  const href = document.querySelector<HTMLMetaElement>('meta[name=terminal-styles]')?.content;
  if (href === undefined || document.querySelector(`link[href="${CSS.escape(href)}"]`) !== null) return;
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = href;
  document.head.append(link);
}
