import type { AuditEntry, AuditOutcome } from '@rackhaus/config/contract';

/** "log audit" (13), RFC 5424 section 6.2.1. */
const facility = 13;
const severities: Readonly<Record<AuditOutcome, number>> = { done: 6, refused: 4, failed: 3 };
/** A number for examples is not to be used; this one is for private use in documentation of the sender (RFC 5612). */
const enterprise = 32473;

/**
 * One row as an RFC 5424 message with structured data, without framing. A receiver recognises repeats by `number`, and can verify
 * with `hash` that a row has not changed since.
 */
export function syslogMessage(entry: AuditEntry, host: string): string {
  const fields: Record<string, string> = {
    number: String(entry.number),
    kind: entry.kind,
    action: entry.action,
    outcome: entry.outcome,
    by: entry.by.kind,
    ...(entry.by.id === null ? {} : { byId: String(entry.by.id) }),
    ...(entry.by.name === '' ? {} : { byName: entry.by.name }),
    ...(entry.address === null ? {} : { address: entry.address }),
    ...(entry.subject === null ? {} : { subject: entry.subject.kind }),
    ...(entry.subject?.id == null ? {} : { subjectId: entry.subject.id }),
    ...(!entry.subject?.name ? {} : { subjectName: entry.subject.name }),
    hash: entry.hash,
  };
  const detail = Object.entries(entry.detail).map(([name, value]) => `${param(name, String(value))}`);
  const data = `[rackhaus@${enterprise} ${Object.entries(fields)
    .map(([name, value]) => param(name, value))
    .join(' ')}]${detail.length === 0 ? '' : `[detail@${enterprise} ${detail.join(' ')}]`}`;
  const priority = facility * 8 + severities[entry.outcome];
  const time = new Date(entry.time).toISOString();
  const who = entry.by.name === '' ? entry.by.kind : entry.by.name;
  const text = `${entry.action} ${entry.outcome} by ${oneLine(who)}`;
  return `<${priority}>1 ${time} ${hostName(host)} rackhaus ${process.pid} ${entry.action} ${data} \u{feff}${text}`;
}

/** RFC 6587 octet counting, as RFC 5425 asks for: how many bytes, a space, the message. */
export function framed(message: string): Buffer {
  const bytes = Buffer.from(message, 'utf8');
  return Buffer.concat([Buffer.from(`${bytes.length} `, 'ascii'), bytes]);
}

/** Names: 1 to 32 printable letters without space, =, ] and ". Values: \, ] and " get a backslash; no line breaks, which cut lines in many receivers. */
function param(name: string, value: string): string {
  const safe = name.replace(/[^!-~]|[="\]]/g, '_').slice(0, 32) || '_';
  return `${safe}="${oneLine(value).replace(/[\\\]"]/g, (letter) => `\\${letter}`)}"`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
}

function hostName(host: string): string {
  const safe = host.replace(/[^!-~]/g, '').slice(0, 255);
  return safe === '' ? '-' : safe;
}
