import { useState } from 'preact/hooks';
import { call } from '../api/client';
import type { KeyValueConnectionInfo, OverviewRow, PostgresConnectionInfo } from '../api/contract';
import { workspace } from '../api/session';
import { errorText } from '../text';
import { Facts, type Fact } from './Facts';

/** How to connect to a data store. It contains the password, so it is requested only when somebody wants to see it. */
export function Connections({ row, isOpen }: { row: OverviewRow; isOpen: boolean }) {
  const [facts, setFacts] = useState<readonly Fact[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const refusal = workspace.value?.canOperate === true ? null : 'Your role does not show passwords.';
  const show = async () => {
    setProblem(null);
    try {
      setFacts(row.type === 'postgres' ? await postgresFacts(row.id) : await keyValueFacts(row.id));
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <section aria-labelledby="connections">
      <div class="section-head">
        <h2 id="connections">Connections</h2>
        <span class="gap" />
        {facts === null
          ? <button type="button" disabled={refusal !== null} title={refusal ?? undefined} onClick={() => void show()}>Show URLs and password</button>
          : <button type="button" onClick={() => setFacts(null)}>Hide</button>}
      </div>
      {problem !== null && <p role="alert" class="problem">{problem}</p>}
      {facts === null ? (
        <p class="soft">Services on this platform use the internal URL, best by a reference: <code>{row.type === 'postgres' ? 'fromDatabase' : 'fromService'}</code> in <code>render.yaml</code>. Other programs use the external URL.</p>
      ) : (
        <>
          <Facts facts={facts} />
          {!isOpen && <p class="soft">The external URL does not work now: no address outside the platform may connect. Its access rules allow addresses.</p>}
        </>
      )}
    </section>
  );
}

async function postgresFacts(id: string): Promise<readonly Fact[]> {
  const info = await call<PostgresConnectionInfo>('GET /v1/postgres/{postgresId}/connection-info', { params: { postgresId: id } });
  return [['Internal URL', info.internalConnectionString, true], ['External URL', info.externalConnectionString, true], ['Password', info.password, true], ['psql command', info.psqlCommand, true]];
}

async function keyValueFacts(id: string): Promise<readonly Fact[]> {
  const info = await call<KeyValueConnectionInfo>('GET /v1/key-value/{redisId}/connection-info', { params: { redisId: id } });
  return [['Internal URL', info.internalConnectionString, true], ['External URL', info.externalConnectionString, true], ['CLI command', info.cliCommand, true]];
}
