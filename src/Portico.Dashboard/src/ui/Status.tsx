import { moodOf, statusName } from '../text';
import { Icon, type IconName } from './Icon';

/** A status as a shape, a colour and a word, so that none of them is needed alone. */
export function Status({ status, label }: { status: string; label?: string }) {
  const mood = moodOf(status);
  return (
    <span class={`status ${mood}`}>
      <Icon name={iconFor(status)} class={mood === 'busy' ? 'turning' : ''} />
      <span>{label ?? statusName(status)}</span>
    </span>
  );
}

function iconFor(status: string): IconName {
  const mood = moodOf(status);
  if (status === 'unhealthy' || status === 'unavailable') return 'warning';
  if (mood === 'bad') return 'failed';
  if (mood === 'good') return 'live';
  if (mood === 'busy') return 'busy';
  if (status === 'asleep') return 'asleep';
  return status === 'suspended' ? 'suspended' : 'empty';
}
