import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Api, ApiProblem } from './api.ts';

const Thing = z.strictObject({ id: z.int() });

function apiWith(answer: () => Response | Promise<Response>) {
  const calls: { path: string; init: RequestInit | undefined }[] = [];
  let ended = 0;
  const api = new Api({
    fetch: async (input, init) => {
      calls.push({ path: String(input), init });
      return answer();
    },
    onUnauthenticated: () => {
      ended++;
    },
  });
  return { api, calls, ended: () => ended };
}
const problemOf = (promise: Promise<unknown>): Promise<ApiProblem> =>
  promise.then(
    () => Promise.reject(new Error('should have failed')),
    (error: unknown) => (error instanceof ApiProblem ? error : Promise.reject(error)),
  );

describe('the API', () => {
  it('gives what the contract promises', async () => {
    const { api } = apiWith(() => Response.json({ id: 3 }));
    expect(await api.get('/api/thing', Thing)).toEqual({ id: 3 });
  });
  it('refuses what the contract does not know', async () => {
    const { api } = apiWith(() => Response.json({ id: 'three' }));
    expect((await problemOf(api.get('/api/thing', Thing))).code).toBe('unreadable');
    const html = apiWith(() => new Response('<html>'));
    expect((await problemOf(html.api.get('/api/thing', Thing))).code).toBe('unreadable');
  });
  it("hands on the backend's own sentence", async () => {
    const { api } = apiWith(() =>
      Response.json({ code: 'conflict', message: 'There is already one.' }, { status: 409 }),
    );
    const problem = await problemOf(api.send('POST', '/api/thing', { a: 1 }, Thing));
    expect([problem.code, problem.message]).toEqual(['conflict', 'There is already one.']);
  });
  it('tells when nobody is signed in any more', async () => {
    const { api, ended } = apiWith(() =>
      Response.json({ code: 'unauthenticated', message: 'Sign in first.' }, { status: 401 }),
    );
    await problemOf(api.get('/api/thing', Thing));
    expect(ended()).toBe(1);
  });
  it('knows no answer from a bad one', async () => {
    const { api } = apiWith(() => Promise.reject(new TypeError('failed to fetch')));
    expect((await problemOf(api.get('/api/thing', Thing))).code).toBe('offline');
    const proxy = apiWith(() => new Response('bad gateway', { status: 502 }));
    expect((await problemOf(proxy.api.get('/api/thing', Thing))).code).toBe('offline');
  });
  it('sends JSON, and nothing where there is nothing to send', async () => {
    const { api, calls } = apiWith(() => new Response(null, { status: 204 }));
    await api.order('PATCH', '/api/thing', { name: 'x' });
    await api.order('DELETE', '/api/thing');
    expect(calls.map((call) => call.init?.body)).toEqual(['{"name":"x"}', undefined]);
  });
});
