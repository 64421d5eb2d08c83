import { Dialog } from '../ui/Dialog';
import { keysEverywhere } from './keys';
import { helpIsOpen } from './state';

export function KeysHelp() {
  if (!helpIsOpen.value) return null;
  const close = () => {
    helpIsOpen.value = false;
  };
  return (
    <Dialog title="Keys" onClose={close}>
      <h2>Keys</h2>
      <dl class="keys">
        {keysEverywhere.map(([keys, what]) => (
          <div key={keys}>
            <dt>{keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div class="buttons"><button type="button" onClick={close}>Close</button></div>
    </Dialog>
  );
}
