import { ChannelView, type EscalationPlan, SessionReply } from '@rackhaus/config/contract';
import type { z } from 'zod';
import type { Office } from './orders.ts';

/** Has every incident told at once to whom the office belongs to. */
export async function tellMe(office: Office): Promise<void> {
  const session = SessionReply.parse(await office.send('GET', '/api/session', undefined));
  if (session.state !== 'signed-in' || session.userId === null) throw new Error('not signed in');
  const plan: z.infer<typeof EscalationPlan> = {
    severities: null,
    siteIds: null,
    hours: null,
    steps: [{ to: [{ kind: 'person', userId: session.userId }], waitMinutes: 1440 }],
    repeat: 0,
  };
  await office.send('POST', '/api/inventory/escalation', { name: 'Alles', plan });
}

/** Adds an ntfy server as a channel of whom the office belongs to. */
export async function addNtfy(office: Office, server: string, topic: string): Promise<ChannelView> {
  const session = SessionReply.parse(await office.send('GET', '/api/session', undefined));
  if (session.state !== 'signed-in') throw new Error('not signed in');
  const settings = { kind: 'ntfy', server, topic };
  const made = { userId: session.userId, name: topic, settings };
  return ChannelView.parse(await office.send('POST', '/api/channels', made));
}
