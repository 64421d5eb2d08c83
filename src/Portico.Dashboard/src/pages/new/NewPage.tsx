import { useEffect } from 'preact/hooks';
import { workspace } from '../../api/session';
import { useChoices } from '../../forms/choices';
import { NotFoundPage } from '../NotFoundPage';
import { kinds } from './kinds';
import { NewForm } from './NewForm';

/** What can be created, or the form of one kind: `/new`, `/new/web_service`. */
export function NewPage({ type }: { type: string }) {
  const choices = useChoices();
  const kind = kinds.find((item) => item.type === type);
  useEffect(() => {
    document.title = `New ${kind?.title.toLowerCase() ?? 'resource'} · Portico`;
  }, [kind]);
  if (workspace.value?.canManage !== true) return <div class="empty"><h1>New</h1><p>Your role in this workspace does not create services. The developer and admin roles do.</p></div>;
  if (type === '') return <Kinds />;
  if (kind === undefined) return <NotFoundPage />;
  if (choices.value === null) return <p class="starting" role="status">{choices.error?.message ?? 'Loading…'}</p>;
  return <NewForm key={type} kind={kind} choices={choices.value} workspace={workspace.value.id} />;
}

function Kinds() {
  return (
    <>
      <div class="page-head"><h1>New</h1><p class="soft">What do you want to run?</p></div>
      <ul class="kinds">
        {kinds.map((kind) => (
          <li key={kind.type} class="card">
            <a href={`/new/${kind.type}`}>{kind.title}</a>
            <p>{kind.about}</p>
            <p class="soft">{kind.example}</p>
          </li>
        ))}
      </ul>
      <p class="soft">Several at once, from a file: write a <code>render.yaml</code> and type <code>portico up</code> beside it.</p>
    </>
  );
}
