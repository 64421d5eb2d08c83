import { typeName } from '../text';
import { internet, labelOf, type MapGraph, type MapNode } from './graph';
import { trafficText } from './traffic';

/** The same content as the drawing. */
export function MapTable({ graph }: { graph: MapGraph }) {
  const node = (id: string): MapNode | undefined => graph.nodes.get(id);
  return (
    <div class="table-scroll map-table" tabIndex={0} role="region" aria-label="References">
      <table>
        <thead><tr><th scope="col">From</th><th scope="col">Reference</th><th scope="col">To</th><th scope="col">State</th></tr></thead>
        <tbody>
          {graph.edges.flatMap((edge) => {
            const [from, to] = [node(edge.from), node(edge.to)];
            if (from === undefined || to === undefined) return [];
            if (edge.from === internet) {
              const traffic = to.row?.traffic;
              return [<tr key={`${edge.from} ${edge.to}`}><td>Internet</td><td>requests</td><td><Name node={to} /></td><td>{traffic === undefined ? 'none in the last minute' : `${traffic.requests} in the last minute, ${trafficText(traffic)}`}</td></tr>];
            }
            return edge.references.map((reference) => (
              <tr key={`${edge.from} ${edge.to} ${reference.kind} ${reference.key}`}>
                <td><Name node={from} /></td>
                <td><code>{labelOf(reference)}</code>{reference.property != null && <span class="soft"> = {reference.property}</span>}</td>
                <td><Name node={to} /></td>
                <td class={reference.problem == null ? '' : 'failure'}>{reference.problem ?? 'works'}</td>
              </tr>
            ));
          })}
        </tbody>
      </table>
    </div>
  );
}

export function Name({ node }: { node: MapNode }) {
  return node.row === null ? <>{node.name}</> : <a href={node.row.path} title={typeName(node.row.type)}>{node.name}</a>;
}
