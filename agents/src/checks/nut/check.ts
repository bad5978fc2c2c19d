import type { CheckSecret, CheckSettings, SeenCertificate } from '@rackhaus/config/contract';
import { openConnection, secure } from '../connection.ts';
import type { CheckContext } from '../context.ts';
import { placeOf } from '../host.ts';
import { CheckFailure, type Findings } from '../result.ts';
import { LineSocket } from './lines.ts';
import { readVariables } from './meaning.ts';
import { parseLine } from './words.ts';

const mostLines = 2000;

/**
 * Reads a UPS from upsd (RFC 9271): its variables, over TLS where that is offered, and with a login where a user is given. A login
 * lasts no longer than the reading: who is logged in is waited for when the UPS shuts down. @throws CheckFailure
 */
export async function checkNut(
  settings: CheckSettings<'nut'>,
  secret: CheckSecret | null,
  context: CheckContext,
  findings: Findings,
): Promise<SeenCertificate | null> {
  const place = await placeOf(settings, context);
  const plain = await openConnection(place, context.signal);
  try {
    let lines = new LineSocket(plain, context.signal);
    let certificate: SeenCertificate | null = null;
    if (settings.encryption !== 'none') {
      lines.send('STARTTLS');
      const answer = await lines.next();
      if (answer.startsWith('OK')) {
        lines.detach();
        const secured = await secure(plain, place, { ...context, tls: settings });
        certificate = secured.certificate;
        lines = new LineSocket(secured.socket, context.signal);
      } else if (settings.encryption === 'required') throw new CheckFailure('no-tls', answer);
    }
    const ups = settings.ups ?? (await onlyUps(lines));
    if (secret?.kind === 'password') await login(lines, ups, secret);
    const variables = await list(lines, `VAR ${ups}`);
    if (secret !== null) lines.send('LOGOUT');
    const values = new Map(
      variables.flatMap(([, , name, value]) => (name && value !== undefined ? [[name, value]] : [])),
    );
    if (values.size === 0) throw new CheckFailure('stale');
    readVariables(values, context.nut, findings);
    return certificate;
  } finally {
    plain.destroy();
  }
}

async function onlyUps(lines: LineSocket): Promise<string> {
  const names = (await list(lines, 'UPS')).flatMap(([, name]) => name ?? []);
  const [only] = names;
  if (only === undefined || names.length > 1) throw new CheckFailure('no-ups', names.join(', '));
  return only;
}

async function login(
  lines: LineSocket,
  ups: string,
  secret: Extract<CheckSecret, { kind: 'password' }>,
): Promise<void> {
  for (const command of [
    `USERNAME ${quoted(secret.user)}`,
    `PASSWORD ${quoted(secret.password)}`,
    `LOGIN ${ups}`,
  ]) {
    lines.send(command);
    const answer = await lines.next();
    if (!answer.startsWith('OK')) throw refused(answer);
  }
}

/** The rows between BEGIN LIST and END LIST, each as its words. */
async function list(lines: LineSocket, what: string): Promise<string[][]> {
  lines.send(`LIST ${what}`);
  const first = await lines.next();
  if (!first.startsWith('BEGIN LIST')) throw refused(first);
  const rows: string[][] = [];
  for (;;) {
    const line = await lines.next();
    if (line.startsWith('END LIST')) return rows;
    if (line.startsWith('ERR')) throw refused(line);
    rows.push(parseLine(line));
    if (rows.length > mostLines) throw new CheckFailure('protocol', 'a list without end');
  }
}

function refused(answer: string): CheckFailure {
  const [, reason = ''] = /^ERR ([A-Z-]+)/.exec(answer) ?? [];
  switch (reason) {
    case 'ACCESS-DENIED':
    case 'INVALID-USERNAME':
    case 'INVALID-PASSWORD':
    case 'USERNAME-REQUIRED':
    case 'PASSWORD-REQUIRED':
      return new CheckFailure('wrong-password');
    case 'UNKNOWN-UPS':
      return new CheckFailure('no-ups');
    case 'DATA-STALE':
    case 'DRIVER-NOT-CONNECTED':
      return new CheckFailure('stale', reason);
    case '':
      return new CheckFailure('protocol', `not upsd: ${answer.slice(0, 100)}`);
    default:
      return new CheckFailure('device-error', reason);
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
