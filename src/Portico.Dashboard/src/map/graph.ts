import type { OverviewRow, OverviewTraffic, ReferenceEdge, References } from '../api/contract';

export const internet = 'internet';
export const environment = 'environment';

export interface MapNode {
  readonly id: string;
  readonly name: string;
  /** A type of the overview, `env_group`, `missing`, `internet` or `environment`. */
  readonly type: string;
  /** Its row in the overview; only services and data stores have one. */
  readonly row: OverviewRow | null;
  /** The services and data stores that an environment stands for. */
  readonly members?: readonly OverviewRow[];
}

/** All references from one node to another; requests from the internet have none. */
export interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly references: readonly ReferenceEdge[];
}

export interface MapGraph {
  readonly nodes: ReadonlyMap<string, MapNode>;
  readonly edges: readonly MapEdge[];
}

/** Services and data stores as they are now, and what refers to what. */
export function graphOf(references: References, rows: ReadonlyMap<string, OverviewRow>): MapGraph {
  const nodes = new Map<string, MapNode>();
  const isPublic = (row: OverviewRow | null): boolean => row?.url !== undefined;
  for (const node of references.nodes) nodes.set(node.id, { ...node, row: rows.get(node.id) ?? null });
  const edges = new Map<string, { from: string; to: string; references: ReferenceEdge[] }>();
  for (const edge of references.edges) {
    const key = `${edge.from} ${edge.to}`;
    const known = edges.get(key);
    if (known === undefined) edges.set(key, { from: edge.from, to: edge.to, references: [edge] });
    else known.references.push(edge);
  }
  const open = [...nodes.values()].filter((node) => isPublic(node.row));
  if (open.length > 0) nodes.set(internet, { id: internet, name: 'Internet', type: internet, row: null });
  return { nodes, edges: [...open.map((node) => ({ from: internet, to: node.id, references: [] })), ...edges.values()] };
}

/** The nodes of one environment, and those that they refer to or that refer to them. */
export function within(graph: MapGraph, place: string): MapGraph {
  if (place === '') return graph;
  const inside = new Set([...graph.nodes.values()].filter((node) => node.row !== null && placeOf(node.row) === place).map((node) => node.id));
  const edges = graph.edges.filter((edge) => inside.has(edge.to) || inside.has(edge.from));
  const shown = new Set([...inside, ...edges.flatMap((edge) => [edge.from, edge.to])]);
  return { nodes: new Map([...graph.nodes].filter(([id]) => shown.has(id))), edges };
}

/** Each environment as one node, so that a large workspace stays readable. Env groups that one environment alone uses are in it. */
export function folded(graph: MapGraph): MapGraph {
  const places = new Map<string, string>();
  for (const node of graph.nodes.values()) if (node.row !== null && node.row.project !== undefined) places.set(node.id, placeOf(node.row));
  for (const node of graph.nodes.values()) {
    const users = new Set(node.type === 'env_group' ? graph.edges.filter((edge) => edge.to === node.id).map((edge) => places.get(edge.from)) : []);
    const [place] = users;
    if (users.size === 1 && place !== undefined) places.set(node.id, place);
  }
  const nodes = new Map<string, MapNode>();
  const members = new Map<string, OverviewRow[]>();
  for (const node of graph.nodes.values()) {
    const place = places.get(node.id);
    if (place === undefined) nodes.set(node.id, node);
    else members.set(place, [...(members.get(place) ?? []), ...(node.row === null ? [] : [node.row])]);
  }
  for (const [place, rows] of members) nodes.set(idOfPlace(place), { id: idOfPlace(place), name: place, type: environment, row: null, members: rows });
  const drawn = (id: string): string => (places.has(id) ? idOfPlace(places.get(id) ?? '') : id);
  const edges = new Map<string, { from: string; to: string; references: ReferenceEdge[] }>();
  for (const edge of graph.edges) {
    const [from, to] = [drawn(edge.from), drawn(edge.to)];
    if (from === to) continue;
    const known = edges.get(`${from} ${to}`);
    if (known === undefined) edges.set(`${from} ${to}`, { from, to, references: [...edge.references] });
    else known.references.push(...edge.references);
  }
  return { nodes, edges: [...edges.values()] };
}

const idOfPlace = (place: string): string => `${environment} ${place}`;

/** The requests of the last minute that reach a node from outside; undefined if there were none. */
export function trafficOf(node: MapNode | undefined): OverviewTraffic | undefined {
  if (node?.members === undefined) return node?.row?.traffic;
  const all = node.members.flatMap((row) => row.traffic ?? []);
  if (all.length === 0) return undefined;
  const requests = all.reduce((sum, traffic) => sum + traffic.requests, 0);
  const errors = all.reduce((sum, traffic) => sum + (traffic.requests * traffic.errorPercent) / 100, 0);
  return { requests, perSecond: Math.round((requests / 60) * 100) / 100, errorPercent: Math.round((errors / Math.max(1, requests)) * 1000) / 10, p95: Math.max(...all.map((traffic) => traffic.p95)) };
}

export const placeOf = (row: OverviewRow): string => (row.project === undefined ? '' : `${row.project} / ${row.environment ?? ''}`);

export const problemsOf = (edge: MapEdge): readonly string[] => edge.references.flatMap((reference) => reference.problem ?? []);

/** What a reference is: `REDIS_URL`, `env group`, `/api/*`. */
export const labelOf = (reference: ReferenceEdge): string => (reference.kind === 'env_group' ? 'env group' : reference.key);

/** Columns of nodes, so that references lead to the right. The order depends on names and references only, so a node stays where it is while its state changes. */
export function layersOf(graph: MapGraph): readonly (readonly MapNode[])[] {
  const depths = depthsOf(graph);
  const layers: MapNode[][] = [];
  for (const node of [...graph.nodes.values()].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))) {
    const depth = depths.get(node.id);
    if (depth !== undefined) (layers[depth] ??= []).push(node);
  }
  const filled = Array.from(layers, (layer) => layer ?? []).filter((layer) => layer.length > 0);
  for (let at = 1; at < filled.length; at++) filled[at] = ordered(filled[at] ?? [], filled.slice(0, at).flat(), graph);
  return filled;
}

/** How many references lead to a node at most. Nodes without references have no place. A reference that closes a circle does not count. */
function depthsOf(graph: MapGraph): Map<string, number> {
  const sources = new Map<string, string[]>();
  for (const edge of graph.edges) sources.set(edge.to, [...(sources.get(edge.to) ?? []), edge.from]);
  const depths = new Map<string, number>();
  const open = new Set<string>();
  const depthOf = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    open.add(id);
    const least = id === internet ? 0 : 1;
    const depth = Math.max(least, ...(sources.get(id) ?? []).filter((source) => !open.has(source)).map((source) => depthOf(source) + 1));
    open.delete(id);
    depths.set(id, depth);
    return depth;
  };
  for (const edge of graph.edges) {
    depthOf(edge.from);
    depthOf(edge.to);
  }
  return depths;
}

/** Near to what refers to them, so that lines are short. */
function ordered(layer: readonly MapNode[], before: readonly MapNode[], graph: MapGraph): MapNode[] {
  const places = new Map(before.map((node, at) => [node.id, at]));
  const weight = (node: MapNode): number => {
    const found = graph.edges.filter((edge) => edge.to === node.id).flatMap((edge) => places.get(edge.from) ?? []);
    return found.length === 0 ? Number.MAX_SAFE_INTEGER : found.reduce((sum, at) => sum + at, 0) / found.length;
  };
  const weights = new Map(layer.map((node) => [node.id, weight(node)]));
  return [...layer].sort((a, b) => (weights.get(a.id) ?? 0) - (weights.get(b.id) ?? 0) || a.name.localeCompare(b.name));
}
