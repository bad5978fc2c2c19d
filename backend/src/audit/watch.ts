import type { Incidents } from '../alerting/parts.ts';
import type { Audit } from './audit.ts';
import type { AuditCare } from './care.ts';
import { logConditions } from './conditions.ts';

const everyMs = 10_000;

/** Tells people when the log does not hold any more, or cannot be written. */
export class LogWatch {
  readonly #audit: Pick<Audit, 'trouble'>;
  readonly #care: Pick<AuditCare, 'broken'>;
  readonly #incidents: Pick<Incidents, 'report'>;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: {
    audit: Pick<Audit, 'trouble'>;
    care: Pick<AuditCare, 'broken'>;
    incidents: Pick<Incidents, 'report'>;
  }) {
    this.#audit = options.audit;
    this.#care = options.care;
    this.#incidents = options.incidents;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** What is wrong now, as incidents; it is asked every ten seconds. */
  look(): void {
    this.#incidents.report('log', logConditions(this.#care.broken, this.#audit.trouble));
  }
}
