import type { OverviewRow, ResourceChoices, Route } from '../../api/contract';
import { defaultPlan, persistenceOptions, planOptions, policyOptions } from '../../forms/choices';
import type { Field, Values } from '../../forms/fields';
import { type KindType, kindTitles } from './kindTitles';

/** A kind of resource that can be created. */
export interface Kind {
  readonly type: KindType;
  readonly title: string;
  /** What it is for. */
  readonly about: string;
  readonly example: string;
  readonly route: Route;
  /** Writes the same request as code. */
  readonly code: Route;
  /** Whether it is built from a repository, and has variables. */
  readonly isService: boolean;
  readonly fields: (choices: ResourceChoices) => readonly Field[];
  readonly defaults: (choices: ResourceChoices) => Values;
}

const details = 'serviceDetails', specific = `${details}.envSpecificDetails`;

const name: Field = { at: 'name', label: 'Name', isRequired: true, placeholder: 'api', help: 'Letters, digits and hyphens. Its addresses are made of it.' };

/** Where it belongs. Empty environments are not among the choices. */
export function placeField(rows: Iterable<OverviewRow>): Field | null {
  const places = new Map([...rows].flatMap((row) => (row.environmentId === undefined ? [] : [[row.environmentId, `${row.project ?? ''} / ${row.environment ?? ''}`] as const])));
  if (places.size === 0) return null;
  const options = [...places].sort(([, a], [, b]) => a.localeCompare(b)).map(([value, label]) => ({ value, label }));
  return { at: 'environmentId', label: 'Project', help: 'Where it is listed, and whose rules it has. It can be moved later.', options: [{ value: '', label: 'No project' }, ...options] };
}

const source: readonly Field[] = [
  { at: 'repo', label: 'Git repository', isRequired: true, placeholder: 'https://github.com/you/app', help: 'An HTTPS or SSH URL. Each new commit on the branch is deployed.' },
  { at: 'branch', label: 'Branch', placeholder: 'main', help: 'Without one, the default branch of the repository.' },
  { at: 'rootDir', label: 'Root directory', placeholder: 'packages/api', help: 'For a repository with several apps: commands run here, and only changes here deploy.' },
];

const runtime = (choices: ResourceChoices): Field => ({
  at: `${details}.runtime`, label: 'Runtime', isRequired: true, help: 'The language of the app. Its version comes from the repository, for example from package.json.',
  options: choices.runtimes.map((item) => ({ value: item.name, label: item.problem == null ? item.name : `${item.name} (not installed)` })),
});

const plan = (choices: ResourceChoices): Field => ({ at: `${details}.plan`, label: 'Plan', help: 'Memory and processor time of each instance. It can be changed later.', options: planOptions(choices.servicePlans) });

const build: Field = { at: `${specific}.buildCommand`, label: 'Build command', isRequired: true, placeholder: 'npm ci && npm run build', help: 'Runs once for each deploy.' };

const start = (help: string): Field => ({ at: `${specific}.startCommand`, label: 'Start command', isRequired: true, placeholder: 'npm start', help });

const health: Field = { at: `${details}.healthCheckPath`, label: 'Health check path', placeholder: '/healthz', help: 'A path that answers with a status below 400 when the app is ready. Without one, an open port is enough.' };

const serviceDefaults = (choices: ResourceChoices): Values => ({
  [`${details}.plan`]: defaultPlan(choices.servicePlans),
  [`${details}.runtime`]: (choices.runtimes.find((item) => item.name === 'node' && item.problem == null) ?? choices.runtimes.find((item) => item.problem == null) ?? choices.runtimes[0])?.name ?? '',
});

const service = (type: KindType, about: string, example: string, fields: Kind['fields'], defaults = serviceDefaults): Kind =>
  ({ type, title: kindTitles[type], about, example, route: 'POST /v1/services', code: 'POST /portico/v1/code/services', isService: true, fields, defaults });

export const kinds: readonly Kind[] = [
  service('web_service', 'An app that answers HTTP requests. It gets a public URL.', 'Express, Django, Rails, ASP.NET Core', (choices) =>
    [name, ...source, runtime(choices), build, start('Starts the app. It listens on 0.0.0.0 and the port in the variable PORT.'), health, plan(choices)]),
  service('static_site', 'Files that a build makes, served without an app.', 'React, Vue, Astro, Hugo', () => [
    name, ...source,
    { at: `${details}.buildCommand`, label: 'Build command', placeholder: 'npm ci && npm run build', help: 'Runs once for each deploy. Without one, the files of the repository are served.' },
    { at: `${details}.publishPath`, label: 'Publish directory', placeholder: 'dist', help: 'The directory with the built files. Without one: public.' },
  ], () => ({})),
  service('private_service', 'An app that only your other services reach.', 'An internal API', (choices) =>
    [name, ...source, runtime(choices), build, start('Starts the app. Other services reach it by its name and the port that it listens on.'), plan(choices)]),
  service('background_worker', 'A program that runs all the time and answers no requests.', 'Celery, Sidekiq, BullMQ', (choices) =>
    [name, ...source, runtime(choices), build, start('Starts the program. It is started again when it ends.'), plan(choices)]),
  service('cron_job', 'A command that runs at fixed times.', 'A nightly report', (choices) => [
    name, ...source, runtime(choices), build, start('Runs at each time, and ends.'),
    { at: `${details}.schedule`, label: 'Schedule', isRequired: true, placeholder: '0 3 * * *', help: 'A cron expression, in UTC: minute, hour, day of the month, month, day of the week. 0 3 * * * is every day at 03:00.' },
    plan(choices),
  ]),
  {
    type: 'postgres', title: kindTitles.postgres, about: 'A relational database, in the private network of the workspace.', example: 'For Django, Rails, Prisma', route: 'POST /v1/postgres', code: 'POST /portico/v1/code/postgres', isService: false,
    fields: (choices) => [
      name,
      { at: 'version', label: 'Version', help: 'The major version. It cannot be changed later.', options: choices.postgresVersions.map((value) => ({ value, label: `PostgreSQL ${value}` })) },
      { at: 'databaseName', label: 'Database', placeholder: 'shop', help: 'The name of the database. Without one, it is generated.' },
      { at: 'databaseUser', label: 'User', placeholder: 'shop', help: 'The user in the connection URL. Without one, it is generated. The password always is.' },
      { at: 'plan', label: 'Plan', help: 'Memory, processor time and the number of connections.', options: planOptions(choices.postgresPlans) },
      { at: 'diskSizeGB', label: 'Disk', type: 'number', placeholder: '1', help: 'In GB. It can grow later, but not shrink.' },
    ],
    defaults: (choices) => ({ plan: defaultPlan(choices.postgresPlans), version: choices.postgresVersions[0] ?? '' }),
  },
  {
    type: 'key_value', title: kindTitles.key_value, about: 'A store for caches and queues that Redis clients can use.', example: 'For sessions, BullMQ, Celery', route: 'POST /v1/key-value', code: 'POST /portico/v1/code/key-value', isService: false,
    fields: (choices) => [
      name,
      { at: 'plan', label: 'Plan', help: 'The memory for data, and the number of connections.', options: planOptions(choices.keyValuePlans) },
      { at: 'maxmemoryPolicy', label: 'When memory is full', help: 'A cache removes old keys. A queue must not lose any.', options: policyOptions },
      { at: 'persistenceMode', label: 'Persistence', help: 'Whether data is still there after a restart.', options: persistenceOptions },
    ],
    defaults: (choices) => ({ plan: defaultPlan(choices.keyValuePlans), maxmemoryPolicy: 'allkeys_lru', persistenceMode: 'journal_snapshot' }),
  },
];
