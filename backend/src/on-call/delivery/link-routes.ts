import { AlertLink } from '@rackhaus/config/contract';
import { z } from 'zod';
import { AttemptLimit } from '../../access/attempt-limit.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { AppError } from '../../problem.ts';
import type { Answered, Answers } from './answers.ts';

const WithToken = z.strictObject({ token: z.string().min(1).max(100) });

/** What the links in messages lead to. The token is the permission: it works without signing in, for its one message. */
export function linkRoutes(deps: { answers: Answers; now: () => number }): Route[] {
  const { answers } = deps;
  const attempts = new AttemptLimit({ now: deps.now });

  /** Only wrong tokens are slowed down, by address: who holds a right one is never kept waiting by others. */
  async function find(token: string, address: string): Promise<Answered> {
    const answered = await answers.byToken(token);
    if (answered !== null) return answered;
    attempts.begin({ account: address, address });
    throw new AppError('not-found', 'This link is not valid, or not any more.');
  }

  return [
    defineRoute({
      method: 'get',
      path: '/api/alert-links/:token',
      summary: 'What a message is about. Changes nothing, but that opening a test is its receipt.',
      params: WithToken,
      reply: AlertLink,
      handle: async ({ params, request }) => {
        const answered = await find(params.token, request.ip ?? '');
        if (answered.kind === 'test') await answers.received(answered);
        return answers.link(answered);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/alert-links/:token/acknowledge',
      summary: 'Acknowledges the incident in the name of whom the message was sent to.',
      params: WithToken,
      reply: AlertLink,
      handle: async ({ params, request }) => {
        const answered = await find(params.token, request.ip ?? '');
        await answers.acknowledge(answered, answered.channelKind === 'push' ? 'Push' : 'Link');
        return answers.link(answered);
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/alert-links/:token/receipt',
      summary: 'Says that the message has arrived.',
      params: WithToken,
      handle: async ({ params, request }) => {
        await answers.received(await find(params.token, request.ip ?? ''));
        return undefined;
      },
    }),
  ];
}
