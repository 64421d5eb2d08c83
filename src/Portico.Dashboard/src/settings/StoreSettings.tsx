import type { KeyValueDetail, OverviewRow, PostgresDetail, ResourceChoices, Route } from '../api/contract';
import { planOptions, policyOptions, persistenceOptions, useChoices, withPresent } from '../forms/choices';
import type { Field } from '../forms/fields';
import { DeleteSection } from '../pages/DeleteSection';
import { AllowList } from './AllowList';
import { SettingsForm } from './SettingsForm';

/** The settings of a data store. */
export function StoreSettings({ row, store, onChanged }: { row: OverviewRow; store: PostgresDetail | KeyValueDetail | null; onChanged: () => void }) {
  const choices = useChoices();
  if (store === null || choices.value === null) return <p class="soft" role="status">{choices.error?.message ?? 'Loading…'}</p>;
  const isPostgres = 'databaseName' in store;
  const route: Route = isPostgres ? 'PATCH /v1/postgres/{postgresId}' : 'PATCH /v1/key-value/{redisId}';
  const params = { postgresId: row.id, redisId: row.id };
  // The API reads these settings where it does not write them.
  const saved = isPostgres ? store : { ...store, maxmemoryPolicy: store.options.maxmemoryPolicy, persistenceMode: store.options.persistenceMode };
  return (
    <>
      <SettingsForm row={row} saved={saved} fields={isPostgres ? postgresFields(store, choices.value) : keyValueFields(store, choices.value)} route={route} params={params}
        effect="A change of the plan restarts it: connections end for a moment." onSaved={onChanged} />
      <AllowList row={row} list={store.ipAllowList ?? []} route={route} params={params} onChanged={onChanged} />
      <DeleteSection row={row} />
    </>
  );
}

const name: Field = { at: 'name', label: 'Name', isRequired: true, help: 'References in variables follow it.' };

const postgresFields = (store: PostgresDetail, choices: ResourceChoices): readonly Field[] => [
  name,
  { at: 'plan', label: 'Plan', help: 'Memory, processor time and the number of connections.', options: withPresent(planOptions(choices.postgresPlans), store.plan) },
  { at: 'diskSizeGB', label: 'Disk', type: 'number', help: 'In GB. It can grow, but not shrink.' },
];

const keyValueFields = (store: KeyValueDetail, choices: ResourceChoices): readonly Field[] => [
  name,
  { at: 'plan', label: 'Plan', help: 'The memory for data, and the number of connections.', options: withPresent(planOptions(choices.keyValuePlans), store.plan) },
  { at: 'maxmemoryPolicy', label: 'When memory is full', help: 'A cache removes old keys. A queue must not lose any.', options: withPresent(policyOptions, store.options.maxmemoryPolicy) },
  { at: 'persistenceMode', label: 'Persistence', help: 'Whether data is still there after a restart.', options: withPresent(persistenceOptions, store.options.persistenceMode) },
];
