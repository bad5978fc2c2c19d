import { ChannelSettings, ChannelView } from '@rackhaus/config/contract';
import { z } from 'zod';
import type { SecretBox } from '../../access/secret-box.ts';
import type { OpenChannel } from './sender.ts';

/** What may be shown of a channel: the column `settings` as JSON. */
export const StoredSettings = z.strictObject({
  target: z.string(),
  view: ChannelView.shape.settings,
  hasSecret: z.boolean(),
});
export type StoredSettings = z.infer<typeof StoredSettings>;

/** All that it takes to send: the column `sealed` as JSON, sealed. */
const Sealed = z.strictObject({ settings: ChannelSettings, secret: z.string().nullable() });

/** What is written down of a channel's settings and secret. */
export function toStored(
  settings: ChannelSettings,
  secret: string | null,
  box: SecretBox,
): { settings: string; sealed: string } {
  const shown: StoredSettings = {
    target: targetOf(settings),
    view: viewOf(settings),
    hasSecret: secret !== null,
  };
  return { settings: JSON.stringify(shown), sealed: box.seal(JSON.stringify({ settings, secret })) };
}

/** @throws Error when it was sealed with another key. */
export function openStored(
  row: { id: number; user_id: number | null; name: string; sealed: string | null },
  box: SecretBox,
): OpenChannel {
  if (row.sealed === null) throw new Error(`The channel ${row.id} has no address.`);
  const { settings, secret } = Sealed.parse(JSON.parse(box.open(row.sealed)));
  return { id: row.id, userId: row.user_id, name: row.name, settings, secret };
}

/** The part of the address that is no secret. */
export function targetOf(settings: ChannelSettings): string {
  switch (settings.kind) {
    case 'push':
      return new URL(settings.endpoint).host;
    case 'email':
      return settings.address;
    case 'ntfy':
      return `${new URL(settings.server).host}/${settings.topic}`;
    case 'webhook':
      return new URL(settings.url).host;
    case 'sms':
      return settings.number;
    case 'local':
      return new URL(settings.onUrl).host;
  }
}

function viewOf(settings: ChannelSettings): StoredSettings['view'] {
  switch (settings.kind) {
    case 'push':
      return { kind: 'push', device: settings.device };
    case 'webhook':
      return { kind: 'webhook', template: settings.template };
    case 'local':
      return { kind: 'local', method: settings.method };
    case 'ntfy':
      return { kind: 'ntfy', server: new URL(settings.server).origin, topic: settings.topic };
    default:
      return settings;
  }
}
