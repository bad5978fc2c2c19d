import type { PlannedChange } from '@rackhaus/config/contract';

/** With what the dialog for a change opens: a cable or a device that another page handed over. */
export interface Beginning {
  readonly action: PlannedChange['action'];
  readonly linkId: number | null;
  readonly deviceId: number | null;
}
const actions: readonly PlannedChange['action'][] = [
  'add-link',
  'move-link',
  'remove-link',
  'move-device',
  'remove-device',
  'swap-device',
];

/** What `?plan=move-link&link=5` asks for; null when it asks for nothing. */
export function beginningOf(params: Pick<URLSearchParams, 'get'>): Beginning | null {
  const action = actions.find((each) => each === params.get('plan'));
  const id = (name: string) => {
    const number = Number(params.get(name));
    return Number.isSafeInteger(number) && number > 0 ? number : null;
  };
  return action ? { action, linkId: id('link'), deviceId: id('device') } : null;
}

/** The address of an order at which the dialog opens with what was handed over. */
export function planPath(orderId: number, { action, linkId, deviceId }: Beginning): string {
  const params = new URLSearchParams({ plan: action });
  if (linkId !== null) params.set('link', String(linkId));
  if (deviceId !== null) params.set('device', String(deviceId));
  return `/orders/${orderId}?${params}`;
}
