import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface MenuItem {
  readonly label: string;
  /** Why it cannot be chosen; null when it can. */
  readonly refusal: string | null;
  readonly run: () => void;
}

/** A button that opens a list of actions. Arrows move, Escape closes. */
export function Menu({ label, class: className = '', items, children }: { label: string; class?: string; items: readonly MenuItem[]; children: ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  // Before a key can follow the one that opened it.
  useLayoutEffect(() => {
    if (!isOpen) return;
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    addEventListener('pointerdown', closeOutside);
    return () => removeEventListener('pointerdown', closeOutside);
  }, [isOpen]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (!isOpen) return;
    if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(root.current, event.key === 'ArrowDown' ? 1 : -1);
    else return;
    event.stopPropagation();
    if (event.key !== 'Tab') event.preventDefault();
  };
  return (
    <div class="menu" ref={root} onKeyDown={onKey}>
      <button type="button" ref={button} class={className} aria-haspopup="menu" aria-expanded={isOpen} aria-label={label} title={label} data-actions onClick={() => setOpen(!isOpen)}>{children}</button>
      {isOpen && (
        <div class="menu-items" role="menu" aria-label={label}>
          {items.map((item) => (
            <button key={item.label} type="button" role="menuitem" tabIndex={-1} aria-disabled={item.refusal !== null}
              onClick={() => {
                if (item.refusal !== null) return;
                close();
                item.run();
              }}>
              {item.label}
              {item.refusal !== null && <small>{item.refusal}</small>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function move(root: HTMLElement | null, step: number): void {
  const items = [...(root?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const at = items.findIndex((item) => item === document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}
