import type { AgentKeyFacts } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

/** Less than this is what the way to the server takes. */
const rightWithinSeconds = 1;

/** The sites of an agent; the oldest has besides what belongs to nobody. */
export function sitesWords(sites: readonly string[], oldest: boolean): string {
  const names = sites.join(', ');
  if (oldest)
    return names === '' ? m.admin_agents_sites_rest() : m.admin_agents_sites_and_rest({ sites: names });
  return names === '' ? m.admin_agents_sites_none() : names;
}

/** What waits in the outbox, and how long the oldest has. */
export function queueWords(queue: number | null, oldestSeconds: number | undefined): string {
  if (queue === null) return '–';
  if (queue === 0) return m.admin_agents_queue_none();
  const words = m.admin_agents_queue_words({ count: queue });
  return oldestSeconds === undefined
    ? words
    : m.admin_agents_queue_oldest({ queue: words, time: quantities.duration(oldestSeconds) });
}

/** How the agent's clock goes against the server's; seconds, positive: ahead. */
export function clockWords(offsetSeconds: number | undefined): string {
  if (offsetSeconds === undefined) return '–';
  const size = Math.abs(offsetSeconds);
  if (size < rightWithinSeconds) return m.admin_agents_clock_right();
  const time = quantities.duration(size);
  return offsetSeconds > 0 ? m.admin_agents_clock_ahead({ time }) : m.admin_agents_clock_behind({ time });
}

/** Polls of the last minute that began late. */
export function lateWords(late: number | undefined): string {
  if (late === undefined) return '–';
  return late === 0
    ? m.admin_agents_late_none()
    : m.admin_agents_late_words({ count: quantities.number(late) });
}

/** What there is to say of an agent's key. */
export function keyWords(key: AgentKeyFacts, now: number): string {
  if (key.since === null)
    return key.enrolUntil === null
      ? m.machines_join_closed()
      : m.machines_join_open({ time: quantities.moment(key.enrolUntil, now) });
  if (key.renewing) return m.machines_key_renewing();
  const since = m.machines_key_since({ time: quantities.moment(key.since, now) });
  return key.enrolUntil === null
    ? since
    : `${since} · ${m.machines_join_open({ time: quantities.moment(key.enrolUntil, now) })}`;
}
