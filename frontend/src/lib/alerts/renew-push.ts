import type { Api } from '../api/api.ts';
import { PushDevice } from './push.svelte.ts';
import { pushBrowser } from './push-browser.ts';

/** Renews what was switched on in this browser by this person; does nothing else, and says nothing: the page "Dieses Gerät" does. */
export async function renewPush(api: Api, user: string): Promise<void> {
  const device = new PushDevice({ api, browser: pushBrowser(window), storage: localStorage, user });
  await device.start();
  if (device.failure !== null) console.info('This device could not be renewed for alerts', device.failure);
}
