import { randomBytes } from 'node:crypto';
import { Client } from './client.ts';

/** Joins as an agent does, with the token that was shown once. @returns the key that it calls with from then on */
export async function enrol(url: string, token: string): Promise<string> {
  const key = `rha_${randomBytes(32).toString('base64url')}`;
  const reply = await new Client(url).post('/api/agent/enrol', { token, key });
  if (reply.status !== 200) throw new Error(`enrolment: ${reply.status} ${reply.text}`);
  return key;
}
