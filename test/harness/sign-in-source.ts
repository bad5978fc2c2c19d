import {
  type NewSignInSource,
  SessionReply,
  SignInCheckReply,
  SignInSourceList,
} from '@rackhaus/config/contract';
import { z } from 'zod';
import { signIn } from './backend.ts';

interface Backend {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** What an administrator does with sources of accounts. */
export async function sourceAdmin(backend: Backend) {
  const cookie = await signIn(backend);
  const send = async (method: string, path: string, body?: unknown) => {
    const reply = await fetch(`${backend.url}${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, json: text === '' ? null : (JSON.parse(text) as unknown), text };
  };
  const must = async (method: string, path: string, body?: unknown) => {
    const reply = await send(method, path, body);
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`);
    return reply.json;
  };
  return {
    cookie,
    send,
    add: async (source: NewSignInSource) =>
      z.object({ id: z.int() }).parse(await must('POST', '/api/sign-in-sources', source)).id,
    change: (id: number, change: unknown) => must('PATCH', `/api/sign-in-sources/${id}`, change),
    list: async () => SignInSourceList.parse(await must('GET', '/api/sign-in-sources')),
    check: async (check: unknown) =>
      SignInCheckReply.parse(await must('POST', '/api/sign-in-sources/check', check)).steps,
    recheck: () => must('POST', '/api/sign-in-sources/recheck'),
  };
}

export interface SignedInReply {
  readonly status: number;
  readonly text: string;
  readonly session: SessionReply | null;
  readonly cookie: string;
}

/** Name and password as the sign-in page sends them. */
export async function tryPassword(url: string, user: string, password: string): Promise<SignedInReply> {
  const reply = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user, password }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    text,
    session: reply.ok ? SessionReply.parse(JSON.parse(text)) : null,
    cookie: reply.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; '),
  };
}

/** Who a cookie belongs to. */
export async function sessionOf(url: string, cookie: string): Promise<SessionReply> {
  const reply = await fetch(`${url}/api/session`, { headers: { cookie } });
  return SessionReply.parse(await reply.json());
}
