import { Resolver } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import type { CheckSettings } from '@rackhaus/config/contract';
import type { CheckContext } from './context.ts';
import { placeOf } from './host.ts';
import { CheckFailure, type Findings } from './result.ts';

/** Asks one DNS server for a name. @throws CheckFailure */
export async function checkDns(
  settings: CheckSettings<'dns'>,
  context: CheckContext,
  findings: Findings,
): Promise<void> {
  const { address, port } = await placeOf(settings, context);
  const timeout = Math.max(500, (settings.timeoutSeconds * 1000) / 2);
  const resolver = new Resolver({ timeout, tries: 2, maxTimeout: timeout });
  resolver.setServers([isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`]);
  const cancel = () => resolver.cancel();
  context.signal.addEventListener('abort', cancel, { once: true });
  let answers: string[];
  try {
    answers = await recordsOf(resolver, settings.type, settings.name);
  } catch (error) {
    throw failureOf(error);
  } finally {
    context.signal.removeEventListener('abort', cancel);
  }
  for (const answer of answers) findings.note(settings.type, answer);
  const known = new Set(answers.map(plain));
  if (settings.expected.some((wanted) => !known.has(plain(wanted))))
    throw new CheckFailure('wrong-answer', answers.join(', '));
}

async function recordsOf(
  resolver: Resolver,
  type: CheckSettings<'dns'>['type'],
  name: string,
): Promise<string[]> {
  switch (type) {
    case 'A':
      return resolver.resolve4(name);
    case 'AAAA':
      return resolver.resolve6(name);
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ exchange, priority }) => `${priority} ${exchange}`);
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    case 'SOA': {
      const { nsname, hostmaster, serial } = await resolver.resolveSoa(name);
      return [`${nsname} ${hostmaster} ${serial}`];
    }
    case 'PTR':
      return isIP(name) === 0 ? resolver.resolvePtr(name) : resolver.reverse(name);
  }
}

/** Names are the same in capitals and with a dot at the end. */
function plain(answer: string): string {
  return answer.trim().replace(/\.$/, '').toLowerCase();
}

function failureOf(error: unknown): CheckFailure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const silent = { answered: false };
  switch (code) {
    case 'ENOTFOUND':
      return new CheckFailure('no-name');
    case 'ENODATA':
      return new CheckFailure('no-records');
    case 'ESERVFAIL':
    case 'EREFUSED':
    case 'ENOTIMP':
      return new CheckFailure('server-failed', code.slice(1));
    case 'EFORMERR':
    case 'EBADRESP':
      return new CheckFailure('protocol', code.slice(1));
    case 'ETIMEOUT':
    case 'ECANCELLED':
      return new CheckFailure('timeout', null, silent);
    case 'ECONNREFUSED':
      return new CheckFailure('refused', null, silent);
    case 'EBADNAME':
      return new CheckFailure('failed', 'this is not a name that can be asked for');
    default:
      return new CheckFailure('failed', error instanceof Error ? error.message : String(error), silent);
  }
}
