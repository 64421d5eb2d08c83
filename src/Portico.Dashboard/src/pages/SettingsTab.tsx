import { useEffect, useState } from 'preact/hooks';
import type { OverviewRow, ResourceChoices, Service, ServiceDetails } from '../api/contract';
import { planOptions, useChoices, withPresent } from '../forms/choices';
import type { Field } from '../forms/fields';
import { AutoscalingSection } from '../settings/AutoscalingSection';
import { DiskSection } from '../settings/DiskSection';
import { SettingsForm } from '../settings/SettingsForm';
import { DeleteSection } from './DeleteSection';
import { Scale } from './Scale';

/** The settings of a service. */
export function SettingsTab({ row, service }: { row: OverviewRow; service: Service | null }) {
  const choices = useChoices();
  const [saved, setSaved] = useState(service);
  useEffect(() => setSaved(service), [service]);
  if (saved === null || choices.value === null) return <p class="soft" role="status">{choices.error?.message ?? 'Loading…'}</p>;
  const change = (part: Partial<ServiceDetails>) => setSaved({ ...saved, serviceDetails: { ...saved.serviceDetails, ...part } });
  return (
    <>
      <SettingsForm row={row} saved={saved} fields={fieldsOf(row, saved, choices.value)} route="PATCH /v1/services/{serviceId}" code="POST /portico/v1/code/services/{serviceId}" params={{ serviceId: row.id }}
        effect={saved.autoDeploy === 'yes' ? 'If the app is affected, it is deployed a moment after.' : 'Auto-deploy is off: deploy to apply what affects the app.'} onSaved={setSaved} />
      <Scale row={row} service={saved} />
      <AutoscalingSection row={row} service={saved} onSaved={(autoscaling) => change({ autoscaling })} />
      <DiskSection row={row} service={saved} onSaved={(disk) => {
        const { disk: _, ...others } = saved.serviceDetails;
        setSaved({ ...saved, serviceDetails: disk === null ? others : { ...others, disk } });
      }} />
      <DeleteSection row={row} />
    </>
  );
}

function fieldsOf(row: OverviewRow, service: Service, choices: ResourceChoices): readonly Field[] {
  const details = 'serviceDetails', specific = `${details}.envSpecificDetails`;
  const isSite = row.type === 'static_site';
  const isDocker = service.serviceDetails.runtime === 'docker';
  return [
    { at: 'name', label: 'Name', isRequired: true, help: 'Other services reach it by this name. Its public URL stays.' },
    { at: 'repo', label: 'Git repository', help: 'An HTTPS or SSH URL. A change deploys from the new repository.' },
    { at: 'branch', label: 'Branch', help: 'Each new commit on it is deployed while auto-deploy is on.' },
    { at: 'rootDir', label: 'Root directory', help: 'Commands run here, and only changes here deploy.' },
    {
      at: 'autoDeployTrigger', label: 'Auto-deploy', help: 'Whether new commits, and changes of settings, are deployed by themselves.', options: [
        { value: 'commit', label: 'On every commit' }, { value: 'checksPass', label: 'When the checks of a commit pass' }, { value: 'off', label: 'Off' },
      ],
    },
    { at: isSite ? `${details}.buildCommand` : `${specific}.buildCommand`, label: 'Build command', help: 'A change builds again.' },
    ...(isSite ? [{ at: `${details}.publishPath`, label: 'Publish directory', help: 'The directory with the built files. A change builds again.' }] : []),
    ...(isSite || isDocker ? [] : [{ at: `${specific}.startCommand`, label: 'Start command', help: 'A change replaces the instances, without a build.' }]),
    ...(isSite || row.type === 'cron_job' ? [] : [{ at: `${specific}.preDeployCommand`, label: 'Pre-deploy command', help: 'Runs after the build and before new instances start, for example migrations.' }]),
    ...(row.type === 'web_service' ? [{ at: `${details}.healthCheckPath`, label: 'Health check path', help: 'A path that answers with a status below 400 when the app is ready.' }] : []),
    ...(row.type === 'cron_job' ? [{ at: `${details}.schedule`, label: 'Schedule', isRequired: true, help: 'A cron expression, in UTC: minute, hour, day of the month, month, day of the week.' }] : []),
    ...(isSite ? [] : [{ at: `${details}.plan`, label: 'Plan', help: 'Memory and processor time of each instance. A change replaces the instances.', options: withPresent(planOptions(choices.servicePlans), service.serviceDetails.plan) }]),
  ];
}
