import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/client';
import type { ReferenceEdge, References } from '../api/contract';
import { rows } from '../api/live';
import { useLoaded } from '../api/resource';
import { workspace } from '../api/session';
import { query, setQuery } from '../router';
import { typeName } from '../text';
import { Status } from '../ui/Status';
import { environment, folded, graphOf, internet, labelOf, layersOf, type MapGraph, type MapNode, placeOf, problemsOf, within } from './graph';
import { MapDrawing } from './MapDrawing';
import { MapTable, Name } from './MapTable';
import { trafficText } from './traffic';

/** Most changes come with an event. The server decrypts all variables for a map, so the others wait. */
const interval = 60_000;

/** A workspace with more nodes is folded at first. */
const mostUnfolded = 60;

/** What refers to what in the workspace, and the requests that come in. */
export function MapPage() {
  const id = workspace.value?.id ?? '';
  const [round, setRound] = useState(0);
  const count = rows.value?.size ?? 0;
  const lastEvent = [...(rows.value?.values() ?? [])].reduce((last, row) => (row.lastEvent !== undefined && row.lastEvent > last ? row.lastEvent : last), '');
  const references = useLoaded((signal) => call<References>('GET /portico/v1/references', { query: { ownerId: id }, signal }), [id, count, lastEvent, round]);
  useEffect(() => {
    document.title = 'Map · Portico';
    const timer = setInterval(() => { if (!document.hidden) setRound((last) => last + 1); }, interval);
    return () => clearInterval(timer);
  }, []);
  if (workspace.value?.canView !== true) return <div class="empty"><h1>Map</h1><p>Your role in this workspace does not show its services.</p></div>;
  if (references.value === null || rows.value === null) return <p class="starting" role="status">{references.error?.message ?? 'Loading…'}</p>;
  const whole = graphOf(references.value, rows.value);
  const places = [...new Set([...rows.value.values()].map(placeOf))].filter((place) => place !== '').sort();
  const place = query.value.get('in') ?? '';
  const isTable = query.value.get('view') === 'table';
  const chosen = places.includes(place) ? place : '';
  const canFold = places.length > 1 && chosen === '' && !isTable;
  const isFolded = canFold && (query.value.get('fold') ?? (whole.nodes.size > mostUnfolded ? '1' : '0')) === '1';
  const graph = isFolded ? folded(whole) : within(whole, chosen);
  return (
    <>
      <div class="page-head"><h1>Map</h1><p class="soft">What refers to what: variables, env groups and routes.</p></div>
      <div class="filters">
        {places.length > 0 && (
          <select aria-label="Environment" value={chosen} onChange={(event) => setQuery({ in: event.currentTarget.value, node: '' })}>
            <option value="">Environment: all</option>
            {places.map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        )}
        {canFold && <button type="button" class={isFolded ? 'pressed' : ''} aria-pressed={isFolded} onClick={() => setQuery({ fold: isFolded ? '0' : '1', node: '' })}>Fold environments</button>}
        <button type="button" class={isTable ? 'pressed' : ''} aria-pressed={isTable} onClick={() => setQuery({ view: isTable ? '' : 'table' })}>Table</button>
      </div>
      <Broken graph={graph} />
      {graph.edges.length === 0 ? (
        <div class="empty"><h2>There are no references yet</h2><p>A variable with <code>fromService</code> or <code>fromDatabase</code> in <code>render.yaml</code> is one, and so is the use of an env group.</p></div>
      ) : isTable ? <MapTable graph={graph} /> : <Drawing key={isFolded ? 'folded' : chosen} graph={graph} />}
    </>
  );
}

function Drawing({ graph }: { graph: MapGraph }) {
  const chosen = query.value.get('node');
  const node = chosen === null ? undefined : graph.nodes.get(chosen);
  const placed = new Set(layersOf(graph).flat().map((item) => item.id));
  const alone = [...graph.nodes.values()].filter((item) => !placed.has(item.id));
  return (
    <>
      <MapDrawing graph={graph} chosen={chosen} onChoose={(id) => choose(graph.nodes.get(id), chosen)} />
      {node !== undefined && <Details node={node} graph={graph} />}
      {alone.length > 0 && (
        <section aria-labelledby="alone">
          <h2 id="alone">Without references</h2>
          <p class="names">{alone.map((item) => <Name key={item.id} node={item} />)}</p>
        </section>
      )}
    </>
  );
}

/** An environment opens; anything else shows its references, or no longer. */
function choose(node: MapNode | undefined, chosen: string | null): void {
  if (node?.type === environment) setQuery({ in: node.name, fold: '', node: '' });
  else setQuery({ node: node === undefined || node.id === chosen ? '' : node.id });
}

function Broken({ graph }: { graph: MapGraph }) {
  const problems = graph.edges.flatMap(problemsOf);
  if (problems.length === 0) return null;
  return (
    <div class="problem" role="status">
      <strong>{problems.length === 1 ? 'A reference is broken.' : `${problems.length} references are broken.`}</strong>
      <ul>{problems.slice(0, 10).map((problem) => <li key={problem}>{problem}</li>)}</ul>
    </div>
  );
}

/** What the chosen node depends on, and what uses it. */
function Details({ node, graph }: { node: MapNode; graph: MapGraph }) {
  const [out, into] = [graph.edges.filter((edge) => edge.from === node.id), graph.edges.filter((edge) => edge.to === node.id && edge.from !== internet)];
  return (
    <section class="card" aria-label={`References of ${node.name}`}>
      <div class="card-head">
        <h2><Name node={node} /></h2>
        {node.row !== null && <><span class="soft">{typeName(node.row.type)}</span><Status status={node.row.status} /></>}
        <span class="gap" />
        {node.row?.traffic !== undefined && <span class="soft">{node.row.traffic.requests} requests in the last minute, {trafficText(node.row.traffic)}</span>}
      </div>
      <div class="map-details">
        <References title={node.id === internet ? 'Reaches' : 'Depends on'} edges={out.map((edge) => [graph.nodes.get(edge.to), edge.references] as const)} />
        {node.id !== internet && <References title="Used by" edges={into.map((edge) => [graph.nodes.get(edge.from), edge.references] as const)} />}
      </div>
    </section>
  );
}

function References({ title, edges }: { title: string; edges: readonly (readonly [MapNode | undefined, readonly ReferenceEdge[]])[] }) {
  return (
    <div>
      <h3>{title}</h3>
      {edges.length === 0 ? <p class="soft">Nothing.</p> : (
        <ul class="change-list">
          {edges.map(([node, references]) => node === undefined ? null : (
            <li key={node.id}>
              <Name node={node} />{' '}
              {references.map((reference) => <span key={`${reference.kind} ${reference.key}`} class={reference.problem == null ? 'soft' : 'failure'}><code>{labelOf(reference)}</code>{reference.property != null && ` = ${reference.property}`} </span>)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
