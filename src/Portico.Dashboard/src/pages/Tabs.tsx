import { useEffect, useRef } from 'preact/hooks';
import { go, path } from '../router';
import { isTyping } from '../shell/keys';

export interface Tab {
  readonly label: string;
  readonly href: string;
}

/** The pages of one resource. The keys 1 to 9 lead to them. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector('dialog[open]') !== null) return;
      const tab = tabs[Number(event.key) - 1];
      if (tab !== undefined) go(tab.href);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  const nav = useRef<HTMLElement>(null);
  const current = tabs.findLast((tab) => path.value === tab.href || path.value.startsWith(`${tab.href}/`));
  // On a narrow screen the tabs scroll.
  useEffect(() => nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [current?.href]);
  return (
    <nav ref={nav} class="tabs" aria-label={label}>
      {tabs.map((tab) => <a key={tab.href} href={tab.href} aria-current={tab === current ? 'page' : undefined}>{tab.label}</a>)}
    </nav>
  );
}
