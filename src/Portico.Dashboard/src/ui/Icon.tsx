const shapes = {
  live: 'M8 3a5 5 0 1 0 0 10A5 5 0 0 0 8 3z',
  failed: 'M4.4 3 8 6.6 11.6 3 13 4.4 9.4 8l3.6 3.6-1.4 1.4L8 9.4 4.4 13 3 11.6 6.6 8 3 4.4z',
  busy: 'M8 2a6 6 0 1 1-6 6h2a4 4 0 1 0 4-4z',
  asleep: 'M10.8 10.9A5 5 0 0 1 6 2.6a5.6 5.6 0 1 0 7.2 8 5 5 0 0 1-2.4.3z',
  suspended: 'M4 3h3v10H4zm5 0h3v10H9z',
  empty: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM8 4.3a3.7 3.7 0 1 0 0 7.4 3.7 3.7 0 0 0 0-7.4z',
  warning: 'M8 1.8 15 14H1zM7.2 6v4h1.6V6zm0 5v1.6h1.6V11z',
  search: 'M7 2a5 5 0 0 1 4 8l3 3-1.2 1.2-3-3A5 5 0 1 1 7 2zm0 1.7a3.3 3.3 0 1 0 0 6.6 3.3 3.3 0 0 0 0-6.6z',
  copy: 'M5 1h8a1 1 0 0 1 1 1v9h-1.6V2.6H5zM3 4h7a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zm.6 1.6v7.8h5.8V5.6z',
  more: 'M3 6.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8zm5 0a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8zm5 0a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8z',
  down: 'm4 6 4 4 4-4 1 1-5 5-5-5z',
  outside: 'M9 2h5v5l-1.8-1.8-4.4 4.4-1.4-1.4 4.4-4.4zM3 4h4v1.6H3.6v6.8h6.8V9H12v4a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z',
  services: 'M2 3h12v3H2zm0 4h12v3H2zm0 4h12v3H2z',
  map: 'M1 2h5v4H1zm9 4h5v4h-5zM1 10h5v4H1zM7 3.2h1.7v4H9v1.6h-.3v4H7v-1.6h0v-6.4h0z',
  logs: 'M2 3h9v1.6H2zm0 4.2h12v1.6H2zm0 4.2h7V13H2z',
  groups: 'M2 2h5v5H2zm1.6 1.6v1.8h1.8V3.6zM9 2h5v5H9zm1.6 1.6v1.8h1.8V3.6zM2 9h5v5H2zm1.6 1.6v1.8h1.8v-1.8zM9 10.7h5v1.6H9z',
  settings: 'M2 3.4h6V2h2v4.6H8V5.2H2zm9.6 0H14v1.8h-2.4zM2 10.8h2V9.4h2V14H4v-1.4H2zm5.6 0H14v1.8H7.6z',
  done: 'm3 8 1.2-1.2L7 9.6l5.8-5.8L14 5l-7 7z',
} as const;

export type IconName = keyof typeof shapes;

/** A drawing that says nothing that its text does not say. */
export function Icon({ name, class: className = '' }: { name: IconName; class?: string }) {
  return (
    <svg class={`icon ${className}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={shapes[name]} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}
