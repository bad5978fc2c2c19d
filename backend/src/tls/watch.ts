import type { Incidents } from '../alerting/parts.ts';
import type { Certificates } from './certificates.ts';
import { certificateConditions } from './expiry.ts';

const everyMs = 60_000;

/** Tells people in time that the certificate ends, or that a new one does not work. */
export class CertificateWatch {
  readonly #certificates: Certificates;
  readonly #incidents: Pick<Incidents, 'report'>;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #problem: { text: string; since: number } | null = null;

  constructor(options: {
    certificates: Certificates;
    incidents: Pick<Incidents, 'report'>;
    now: () => number;
  }) {
    this.#certificates = options.certificates;
    this.#incidents = options.incidents;
    this.#now = options.now;
  }

  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { problem, current } = this.#certificates;
    if (problem === null) this.#problem = null;
    else if (problem !== this.#problem?.text) this.#problem = { text: problem, since: this.#now() };
    this.#incidents.report('certificate', certificateConditions(current, this.#problem, this.#now()));
  }
}
