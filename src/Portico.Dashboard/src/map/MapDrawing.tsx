import { useRef } from 'preact/hooks';
import type { OverviewTraffic } from '../api/contract';
import { moodOf, needsAttention, statusName, typeName } from '../text';
import { Status } from '../ui/Status';
import { environment, internet, labelOf, layersOf, type MapEdge, type MapGraph, type MapNode, problemsOf, trafficOf } from './graph';
import { trafficText } from './traffic';

const [width, height] = [180, 54];
const [besides, below] = [130, 16];

interface Props {
  readonly graph: MapGraph;
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly layer: number;
}

/** Where an edge begins and ends, in pixels from the upper edge of its nodes. */
interface Ends {
  readonly from: number;
  readonly to: number;
  /** Whether there is room for its name. */
  readonly isNamed: boolean;
}

/** The graph in columns. Arrow keys go along references and within a column. */
export function MapDrawing({ graph, chosen, onChoose }: Props) {
  const space = useRef<HTMLDivElement>(null);
  const layers = layersOf(graph);
  const places = placesOf(layers);
  const ends = endsOf(graph, places);
  const first = layers[0]?.[0]?.id;
  const rows = Math.max(1, ...layers.map((layer) => layer.length));
  const [wide, high] = [layers.length * (width + besides) - besides, rows * (height + below) - below];
  const onKey = (event: KeyboardEvent, node: MapNode) => {
    const next = nextOf(event.key, node, graph, layers, places);
    if (next === undefined) return;
    event.preventDefault();
    space.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(next)}"]`)?.focus();
  };
  return (
    <div class="map-scroll">
      <div ref={space} class="map-space" style={{ width: `${wide}px`, height: `${high}px` }}>
        <svg width={wide} height={high} viewBox={`0 0 ${wide} ${high}`} aria-hidden="true">
          {graph.edges.map((edge) => <Edge key={`${edge.from} ${edge.to}`} edge={edge} graph={graph} places={places} ends={ends.get(edge)} chosen={chosen} />)}
        </svg>
        {layers.flat().map((node) => {
          const at = places.get(node.id);
          return at === undefined ? null : (
            <button key={node.id} type="button" data-node={node.id} class={`map-node ${node.type} ${moodOfNode(node)}`} aria-pressed={node.id === chosen}
              tabIndex={node.id === (chosen !== null && places.has(chosen) ? chosen : first) ? 0 : -1} style={{ transform: `translate(${at.x}px, ${at.y}px)` }} title={node.name}
              onClick={() => onChoose(node.id)} onKeyDown={(event) => onKey(event, node)}>
              <span class="map-name">{node.name}</span>
              {node.row === null ? <small>{aboutOf(node)}</small>
                : <small><Status status={node.row.status} label={statusName(node.row.status)} /><span>{typeName(node.row.type)}</span></small>}
            </button>
          );
        })}
      </div>
    </div>
  );
}

function moodOfNode(node: MapNode): string {
  if (node.row !== null) return moodOf(node.row.status);
  return node.members === undefined ? '' : node.members.some(needsAttention) ? 'bad' : 'good';
}

function aboutOf(node: MapNode): string {
  switch (node.type) {
    case internet: return 'requests';
    case 'missing': return 'does not exist';
    case environment: {
      const bad = node.members?.filter(needsAttention).length ?? 0;
      return `${node.members?.length ?? 0} resources${bad > 0 ? `, ${bad} failed` : ''}`;
    }
    default: return 'Env group';
  }
}

interface EdgeProps {
  readonly edge: MapEdge;
  readonly graph: MapGraph;
  readonly places: ReadonlyMap<string, Place>;
  readonly ends: Ends | undefined;
  readonly chosen: string | null;
}

function Edge({ edge, graph, places, ends, chosen }: EdgeProps) {
  const [from, to] = [places.get(edge.from), places.get(edge.to)];
  if (from === undefined || to === undefined || ends === undefined) return null;
  const traffic = edge.from === internet ? trafficOf(graph.nodes.get(edge.to)) : undefined;
  const isBad = problemsOf(edge).length > 0 || (traffic?.errorPercent ?? 0) > 0;
  const isChosen = chosen !== null && (edge.from === chosen || edge.to === chosen);
  const [x1, y1, x2, y2] = [from.x + width, from.y + ends.from, to.x, to.y + ends.to];
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  const name = nameOf(edge, traffic);
  return (
    <g class={`map-edge ${isBad ? 'bad' : ''} ${isChosen ? 'chosen' : ''} ${traffic === undefined ? '' : 'busy'}`}>
      <path d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 6} ${y2}`} />
      <path class="map-tip" d={`M${x2} ${y2}l-8 -4v8z`} />
      {name !== '' && (ends.isNamed || isChosen) && <text x={x2 - 12} y={y2 - 3} text-anchor="end">{name}</text>}
    </g>
  );
}

function nameOf(edge: MapEdge, traffic: OverviewTraffic | undefined): string {
  const [first, ...others] = edge.references;
  if (first === undefined) return traffic === undefined ? '' : trafficText(traffic);
  return `${cut(labelOf(first))}${others.length > 0 ? ` +${others.length}` : ''}`;
}

const longest = 15;

const cut = (text: string): string => (text.length <= longest ? text : `${text.slice(0, longest - 1)}…`);

const mostNamed = 4;

/** Edges of a node begin and end beside each other, in the order of where they lead, so that they and their names do not lie on each other. */
function endsOf(graph: MapGraph, places: ReadonlyMap<string, Place>): ReadonlyMap<MapEdge, Ends> {
  const topOf = (id: string): number => places.get(id)?.y ?? 0;
  const [out, into] = [new Map<string, MapEdge[]>(), new Map<string, MapEdge[]>()];
  for (const edge of graph.edges) {
    add(out, edge.from, edge);
    add(into, edge.to, edge);
  }
  const spread = (all: Iterable<readonly MapEdge[]>): Map<MapEdge, number> =>
    new Map([...all].flatMap((edges) => edges.map((edge, at) => [edge, (height * (at + 1)) / (edges.length + 1)] as const)));
  for (const edges of out.values()) edges.sort((a, b) => topOf(a.to) - topOf(b.to));
  for (const edges of into.values()) edges.sort((a, b) => topOf(a.from) - topOf(b.from));
  const [begins, ends] = [spread(out.values()), spread(into.values())];
  return new Map(graph.edges.map((edge) => [edge, { from: begins.get(edge) ?? 0, to: ends.get(edge) ?? 0, isNamed: (into.get(edge.to)?.length ?? 0) <= mostNamed }]));
}

function add(lists: Map<string, MapEdge[]>, key: string, edge: MapEdge): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [edge]);
  else known.push(edge);
}

function placesOf(layers: readonly (readonly MapNode[])[]): ReadonlyMap<string, Place> {
  return new Map(layers.flatMap((nodes, layer) => nodes.map((node, row) => [node.id, { x: layer * (width + besides), y: row * (height + below), layer }] as const)));
}

/** Right is what a node refers to, left what refers to it; up and down are its neighbours. */
function nextOf(key: string, node: MapNode, graph: MapGraph, layers: readonly (readonly MapNode[])[], places: ReadonlyMap<string, Place>): string | undefined {
  const byPlace = (a: string, b: string): number => (places.get(a)?.y ?? 0) - (places.get(b)?.y ?? 0);
  if (key === 'ArrowRight') return graph.edges.filter((edge) => edge.from === node.id).map((edge) => edge.to).sort(byPlace)[0];
  if (key === 'ArrowLeft') return graph.edges.filter((edge) => edge.to === node.id).map((edge) => edge.from).sort(byPlace)[0];
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
  const column = layers[places.get(node.id)?.layer ?? 0] ?? [];
  return column[column.indexOf(node) + (key === 'ArrowDown' ? 1 : -1)]?.id;
}
