const name = 'portico-loads';
const most = 3;
const withinMilliseconds = 60_000;
const shortestPause = 300;

/**
 * Loads the page again, because a file of it is missing: the network of the device changed, or Portico was upgraded. It does so at
 * most three times within a minute, and not while there are changes that are not saved.
 *
 * @returns Whether it does.
 */
export function loadAgain(): boolean {
  if (!dispatchEvent(new Event('beforeunload', { cancelable: true }))) return false;
  const now = Date.now();
  const earlier = (sessionStorage.getItem(name) ?? '').split(' ').filter((time) => now - Number(time) < withinMilliseconds);
  if (earlier.length >= most) return false;
  sessionStorage.setItem(name, [...earlier, now].join(' '));
  setTimeout(() => location.reload(), shortestPause * 2 ** earlier.length);
  return true;
}
