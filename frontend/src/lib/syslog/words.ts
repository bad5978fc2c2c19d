import { type HealthState, type SyslogMessage, syslogFacilities } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';

const severities = [
  m.msgs_severity_0,
  m.msgs_severity_1,
  m.msgs_severity_2,
  m.msgs_severity_3,
  m.msgs_severity_4,
  m.msgs_severity_5,
  m.msgs_severity_6,
  m.msgs_severity_7,
];
/** From here on messages are the daily business of devices, and stay without colour. */
const quiet = 5;
const worst = 2;
/** Clocks that differ by less show the same. */
const clockMs = 90_000;

const language = getLocale() === 'de' ? 'de-DE' : 'en-GB';
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat(language, { day: '2-digit', month: '2-digit' });
const whole = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'medium' });

/** The word for a severity of syslog; null: the message says none. */
export function severityWord(severity: number | null): string {
  return (severity === null ? undefined : severities[severity]?.()) ?? m.msgs_severity_none();
}

/** How a severity is shown; null: without a mark. */
export function severityState(severity: number | null): HealthState | null {
  if (severity === null || severity >= quiet) return null;
  return severity <= worst ? 'critical' : 'warning';
}

/** When it was received: the time, and the day where that is not today's. */
export function timeWords(time: number, now: number): string {
  const isToday = new Date(time).toDateString() === new Date(now).toDateString();
  return isToday ? clock.format(time) : `${day.format(time)} ${clock.format(time)}`;
}

/** Who wrote it, what kind it is, and what the device's own clock showed where that differs. */
export function aboutWords(message: SyslogMessage): string {
  const program = message.process === null ? message.app : `${message.app ?? ''}[${message.process}]`;
  const facility = message.facility === null ? null : (syslogFacilities[message.facility] ?? null);
  const differs = message.deviceTime !== null && Math.abs(message.deviceTime - message.time) > clockMs;
  return [
    message.mnemonic,
    program,
    program === null && message.mnemonic === null ? null : facility,
    message.device !== null || message.host === message.from ? null : message.host,
    differs ? m.msgs_said_at({ time: whole.format(message.deviceTime ?? 0) }) : null,
  ]
    .filter((part) => part !== null && part !== '')
    .join(' · ');
}
