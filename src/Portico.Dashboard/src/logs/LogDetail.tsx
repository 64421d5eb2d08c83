import { rows } from '../api/live';
import { exact } from '../text';
import { CopyButton } from '../ui/CopyButton';
import { plain } from './ansi';
import { rfc3339, type Line } from './lines';

/** One line with everything that is known of it. */
export function LogDetail({ line, isFiltered, onClose, onContext }: { line: Line; isFiltered: boolean; onClose: () => void; onContext: () => void }) {
  const row = rows.value?.get(line.labels.resource);
  const link = new URL(location.href);
  link.searchParams.set('at', line.id);
  const facts: [string, string | undefined][] = [
    ['Time', `${exact(rfc3339(line.at))} (${rfc3339(line.at)})`], ['Level', line.labels.level], ['Type', line.labels.type], ['Instance', line.labels.instance],
    ['Host', line.labels.host], ['Method', line.labels.method], ['Path', line.path], ['Status', line.labels.statusCode],
  ];
  return (
    <section class="log-detail" aria-label="Line">
      <div class="card-head">
        <h2>{row === undefined ? line.labels.resource : <a href={row.path}>{row.name}</a>}</h2>
        <span class="gap" />
        {isFiltered && <button type="button" onClick={onContext}>Show the lines around it</button>}
        <CopyButton text={link.href} what="link to this line" />
        <button type="button" class="quiet" onClick={onClose}>Close</button>
      </div>
      <pre class="lines" tabIndex={0} aria-label="Text of the line">{plain(line.message)}</pre>
      <dl class="log-facts">{facts.map(([name, value]) => value === undefined ? null : <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>
    </section>
  );
}
