import { rows } from '../api/live';
import { clock, type Line } from './lines';

interface Props {
  readonly line: Line;
  readonly top: number;
  readonly position: number;
  readonly total: number;
  readonly isChosen: boolean;
  readonly hasSource: boolean;
  readonly onChoose: (line: Line) => void;
}

const marks: Readonly<Record<string, string>> = { error: 'E', warning: 'W', debug: 'D' };

/** One line. Its text is only ever text. */
export function LogRow({ line, top, position, total, isChosen, hasSource, onChoose }: Props) {
  return (
    <div class={`log-line ${line.labels.level}${isChosen ? ' chosen' : ''}`} role="listitem" aria-setsize={total} aria-posinset={position} style={{ transform: `translateY(${top}px)` }}>
      <button type="button" class="log-time" title={new Date(line.at).toString()} onClick={() => onChoose(line)}>{clock(line.at)}</button>
      <span class="log-level" title={line.labels.level}>{marks[line.labels.level] ?? ''}</span>
      {hasSource && <span class="log-source">{rows.value?.get(line.labels.resource)?.name ?? line.labels.resource}</span>}
      <span class="log-text">
        {line.labels.statusCode !== undefined && <b class={Number(line.labels.statusCode) >= 500 ? 'log-status bad' : 'log-status'}>{line.labels.statusCode}</b>}
        {line.spans.map((span, index) => span.style === '' ? span.text : <span key={index} class={span.style}>{span.text}</span>)}
      </span>
    </div>
  );
}
