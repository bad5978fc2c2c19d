import {
  AgentList,
  Assignment,
  CreatedAgent,
  SilenceReply,
  webhookTemplates,
} from '@rackhaus/config/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Client } from '../../testing/client.ts';
import { enrol } from '../../testing/enrol.ts';
import { startTestBackend, type TestBackend } from '../../testing/test-backend.ts';
import { defaultSettings } from '../settings/settings.ts';
import { callOf } from './calls.ts';

const none = { mailPassword: null, mailboxPassword: null, smsPin: null, smsToken: null };
const open = { settings: defaultSettings, secrets: none };
const channel = (settings: Parameters<typeof callOf>[0]['settings'], secret: string | null = null) =>
  callOf({ id: 3, userId: null, name: 'x', settings, secret }, open);

/** What an agent makes of a body. */
const said = (body: string) =>
  JSON.parse(
    body.replaceAll('{title}', 'Titel').replaceAll('{text}', 'Sein Text').replaceAll('{key}', 'schluessel'),
  );

it('calls ntfy with its token', () => {
  const call = channel({ kind: 'ntfy', server: 'https://ntfy.example', topic: 'it' }, 'tk_1');
  expect(call).toMatchObject({ url: 'https://ntfy.example/', headers: { authorization: 'Bearer tk_1' } });
  expect(said(call?.body ?? '')).toMatchObject({ topic: 'it', title: 'Titel', message: 'Sein Text' });
});

it.each(webhookTemplates)('webhook as %s: says both, or is left out', (template) => {
  const call = channel({ kind: 'webhook', url: 'https://chat.example/hooks/1', template });
  if (template === 'alertmanager') expect(call).toBeNull();
  else expect(JSON.stringify(said(call?.body ?? ''))).toMatch(/Titel.*Sein Text/s);
});

it('calls an SMS gateway; push, mail, a modem and a siren need the server', () => {
  const gateway = {
    ...open,
    settings: {
      ...defaultSettings,
      sms: {
        by: 'gateway' as const,
        url: 'https://sms.example/send',
        body: '{"to":"{number}","t":"{text}"}',
      },
    },
  };
  const sms = { kind: 'sms' as const, number: '+4917012345678' };
  const call = callOf({ id: 3, userId: 1, name: 'x', settings: sms, secret: null }, gateway);
  expect(said(call?.body ?? '')).toEqual({ to: '+4917012345678', t: 'Sein Text' });
  expect(channel(sms)).toBeNull();
  expect(channel({ kind: 'email', address: 'it@example.org' })).toBeNull();
});

describe('with a backend', () => {
  let backend: TestBackend;
  let admin: Client;
  beforeEach(async () => {
    backend = await startTestBackend();
    admin = await backend.administrator();
  });
  afterEach(() => backend.remove());

  it('hands the chosen agent whom to call, with its assignment, and no other one', async () => {
    const { id } = z.object({ id: z.int() }).parse(
      (
        await admin.post('/api/channels', {
          userId: null,
          name: 'Chat',
          settings: { kind: 'ntfy', server: 'https://ntfy.example', topic: 'it' },
          secret: 'tk_1',
        })
      ).json,
    );
    const agent = CreatedAgent.parse((await admin.post('/api/agents', { name: 'Schule' })).json);
    const set = await admin.send(
      'PUT',
      '/api/silence-alarm',
      JSON.stringify({
        agentIds: [agent.id],
        afterSeconds: 120,
        channelIds: [id],
      }),
    );
    expect(SilenceReply.parse(set.json).usable).toEqual([
      { id, name: 'Chat', person: null, target: 'ntfy.example/it' },
    ]);
    expect(JSON.stringify(set.json)).not.toContain('tk_1');
    const assignment = async (token: string) => {
      const reply = await fetch(`${backend.url}/api/agent/assignment`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return Assignment.parse(await reply.json());
    };
    expect((await assignment(await enrol(backend.url, agent.token))).silence).toMatchObject({
      afterSeconds: 120,
      calls: [{ id: String(id) }],
    });
    const other = CreatedAgent.parse((await admin.post('/api/agents', { name: 'Bücherei' })).json);
    expect((await assignment(await enrol(backend.url, other.token))).silence).toBeUndefined();
    expect(AgentList.parse((await admin.get('/api/agents')).json).agents).toHaveLength(3);

    const refused = await admin.send(
      'PUT',
      '/api/silence-alarm',
      JSON.stringify({
        agentIds: [9999],
        afterSeconds: 120,
        channelIds: [],
      }),
    );
    expect([refused.status, JSON.stringify(refused.json)]).toEqual([
      400,
      expect.stringContaining('agentIds.0'),
    ]);
  });
});
