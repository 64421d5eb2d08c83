import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { OverviewRow, Service, ServiceDisk } from '../api/contract';
import { CopyCurl } from '../forms/CopyCurl';
import { refusalFor } from '../pages/actions';
import { Facts } from '../pages/Facts';
import { errorText } from '../text';
import { NameDialog } from '../ui/NameDialog';
import { notify } from '../ui/notices';

/** The new disk; null when it is removed. */
type Changed = (disk: ServiceDisk | null) => void;

/** The disk of a service: add, enlarge and remove it, each with what it means. */
export function DiskSection({ row, service, onSaved }: { row: OverviewRow; service: Service; onSaved: Changed }) {
  if (row.type === 'static_site' || row.type === 'cron_job') return null;
  const refusal = refusalFor(row, 'manage');
  const disk = service.serviceDetails.disk;
  return (
    <section aria-labelledby="disk">
      <h2 id="disk">Disk</h2>
      {disk === undefined ? <AddDisk row={row} refusal={refusal} onSaved={onSaved} /> : <Disk row={row} disk={disk} refusal={refusal} onSaved={onSaved} />}
    </section>
  );
}

function AddDisk({ row, refusal, onSaved }: { row: OverviewRow; refusal: string | null; onSaved: Changed }) {
  const [mountPath, setMountPath] = useState('');
  const [size, setSize] = useState('1');
  const [problem, setProblem] = useState<string | null>(null);
  const body = { serviceId: row.id, name: 'data', mountPath: mountPath.trim(), sizeGB: Number(size) };
  const add = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      onSaved(await call<ServiceDisk>('POST /v1/disks', { body }));
      notify(`${row.name} gets a disk of ${size} GB with its next deploy, which begins in a moment.`);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <form class="inline-form disk-form" onSubmit={(event) => void add(event)}>
      <label for="mount-path">Mount path</label>
      <input id="mount-path" type="text" class="exact" required placeholder="/var/data" spellcheck={false} autocomplete="off" value={mountPath} disabled={refusal !== null} onInput={(event) => setMountPath(event.currentTarget.value)} />
      <label for="disk-size">Size in GB</label>
      <input id="disk-size" type="number" min={1} required value={size} disabled={refusal !== null} onInput={(event) => setSize(event.currentTarget.value)} />
      <button disabled={refusal !== null} title={refusal ?? undefined}>Add disk</button>
      {body.mountPath !== '' && <CopyCurl route="POST /v1/disks" body={body} />}
      <p class="help">
        {problem !== null && <strong role="alert" class="failure">{problem} </strong>}
        What is written below the mount path is kept over deploys and restarts. A service with a disk runs one instance, which stops before its successor starts: each deploy interrupts it for a moment.
      </p>
    </form>
  );
}

function Disk({ row, disk, refusal, onSaved }: { row: OverviewRow; disk: ServiceDisk; refusal: string | null; onSaved: Changed }) {
  const [size, setSize] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isRemoving, setRemoving] = useState(false);
  const wanted = size ?? `${disk.sizeGB}`;
  const params = { diskId: disk.id };
  const body = { sizeGB: Number(wanted) };
  const enlarge = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    try {
      onSaved(await call<ServiceDisk>('PATCH /v1/disks/{diskId}', { params, body }));
      notify(`The disk of ${row.name} has ${wanted} GB now, or after the deploy that begins in a moment.`);
      setSize(null);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  const remove = async () => {
    await call('DELETE /v1/disks/{diskId}', { params });
    setRemoving(false);
    onSaved(null);
    notify(`The disk of ${row.name} is removed.`);
  };
  return (
    <>
      <Facts facts={[['Name', disk.name], ['Mount path', disk.mountPath, true], ['Id', disk.id, true]]} />
      <form class="inline-form" onSubmit={(event) => void enlarge(event)}>
        <label for="disk-size">Size in GB</label>
        <input id="disk-size" type="number" min={disk.sizeGB} required value={wanted} disabled={refusal !== null} onInput={(event) => setSize(event.currentTarget.value)} />
        <button disabled={refusal !== null || wanted === `${disk.sizeGB}`} title={refusal ?? undefined}>Enlarge</button>
        {size !== null && wanted !== `${disk.sizeGB}` && <CopyCurl route="PATCH /v1/disks/{diskId}" params={params} body={body} />}
        <span class="gap" />
        <button type="button" class={refusal === null ? 'danger' : ''} disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setRemoving(true)}>Remove disk</button>
        <p class="help">{problem !== null && <strong role="alert" class="failure">{problem} </strong>}A disk can grow, but not shrink.</p>
      </form>
      {isRemoving && <NameDialog title={`Remove the disk of ${row.name}?`} name={row.name} action="Remove" loss="All files on it are lost. The service is deployed without it." onConfirm={remove} onClose={() => setRemoving(false)} />}
    </>
  );
}
