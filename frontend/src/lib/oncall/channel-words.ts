import type { ChannelKind, ChannelView, HealthState, Severity } from '@rackhaus/config/contract';
import { quantities } from '../format/index.ts';
import { m } from '../paraglide/messages.js';

/** What a kind of channel is called. */
export function channelWord(kind: ChannelKind): string {
  switch (kind) {
    case 'push':
      return m.oncall_channel_push();
    case 'email':
      return m.oncall_channel_email();
    case 'ntfy':
      return m.oncall_channel_ntfy();
    case 'webhook':
      return m.oncall_channel_webhook();
    case 'sms':
      return m.oncall_channel_sms();
    case 'local':
      return m.oncall_channel_local();
  }
}

export function severityWord(severity: Severity): string {
  return severity === 'critical' ? m.oncall_severity_critical() : m.oncall_severity_warning();
}

/** Whether a channel works, as far as it is known: a channel that nobody has confirmed counts for nothing. */
export function channelState(
  { enabled, failingSince, lastReceiptAt, userId }: ChannelView,
  now: number,
): { state: HealthState; text: string } {
  if (!enabled) return { state: 'unmonitored', text: m.oncall_channel_off() };
  if (failingSince !== null)
    return {
      state: 'critical',
      text: m.oncall_channel_failing({ since: quantities.moment(failingSince, now) }),
    };
  if (lastReceiptAt !== null)
    return { state: 'ok', text: m.oncall_channel_works({ when: quantities.moment(lastReceiptAt, now) }) };
  return userId === null
    ? { state: 'unmonitored', text: m.oncall_channel_untested_house() }
    : { state: 'warning', text: m.oncall_channel_unconfirmed() };
}
