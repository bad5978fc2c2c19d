import type { ChannelKind, NoticeKind, Severity } from '@rackhaus/config/contract';
import type { Generated } from 'kysely';

/** Times are milliseconds since 1970, UTC; flags 0 or 1. */
export interface OnCallTables {
  /** Where the escalation of an incident stands; survives a restart on time. `next_at` null: it has ended. */
  incident_escalations: {
    incident_id: number;
    escalation_id: number;
    step: number;
    round: number;
    next_at: number | null;
  };
  channels: {
    id: Generated<number>;
    version: Generated<number>;
    user_id: number | null;
    kind: ChannelKind;
    name: string;
    rank: number;
    /** JSON of StoredSettings (channels/stored.ts), what may be shown; `sealed` holds all that it takes to send. */
    settings: string;
    sealed: string | null;
    enabled: Generated<number>;
    min_severity: Severity;
    created_at: number;
    last_sent_at: number | null;
    last_receipt_at: number | null;
    failing_since: number | null;
    last_error: string | null;
  };
  /** One message to one channel. `key` is the same however often it is tried: what receivers drop repeats by. */
  deliveries: {
    id: Generated<number>;
    key: string;
    notice_id: number;
    incident_id: number | null;
    channel_id: number;
    user_id: number | null;
    kind: NoticeKind;
    /** JSON of Message (on-call/message.ts) without link and reply code: the link is made from the key when it is sent. */
    message: string;
    step: number | null;
    state: 'waiting' | 'sent' | 'failed' | 'dropped';
    created_at: number;
    next_at: number;
    attempts: Generated<number>;
    sent_at: number | null;
    receipt_at: number | null;
    late: Generated<number>;
    last_error: string | null;
    /** What an answer by SMS or mail names. */
    reply_code: string | null;
  };
  /** Settings of alerting as JSON, secrets sealed. */
  alert_settings: {
    key: string;
    value: string;
    sealed: string | null;
    updated_at: number;
    updated_by: string | null;
  };
  /** Addresses of iCal feeds: whoever has one reads the shifts. */
  calendar_links: {
    token_hash: string;
    rota_id: number;
    user_id: number;
    /** 1: only the person's own shifts. */
    mine: number;
    created_at: number;
  };
}
