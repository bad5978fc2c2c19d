import type { Incidents, OwnCondition } from '../alerting/parts.ts';
import type { AgentKeys } from './agent-keys.ts';
import type { Agents } from './agents.ts';

/** Makes an incident of the use of a replaced key, until somebody has looked at it or the agent is revoked. */
export class KeyMisuseWatch {
  readonly #keys: Pick<AgentKeys, 'facts' | 'onChange'>;
  readonly #agents: Pick<Agents, 'list' | 'onChange'>;
  readonly #incidents: Pick<Incidents, 'report'>;
  readonly #onError: (error: unknown) => void;
  readonly #stops: (() => void)[] = [];
  #looks = 0;

  constructor(options: {
    keys: Pick<AgentKeys, 'facts' | 'onChange'>;
    agents: Pick<Agents, 'list' | 'onChange'>;
    incidents: Pick<Incidents, 'report'>;
    onError: (error: unknown) => void;
  }) {
    this.#keys = options.keys;
    this.#agents = options.agents;
    this.#incidents = options.incidents;
    this.#onError = options.onError;
  }

  start(): void {
    const look = () => {
      this.#look().catch(this.#onError);
    };
    this.#stops.push(this.#keys.onChange(look), this.#agents.onChange(look));
    look();
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  async #look(): Promise<void> {
    const look = ++this.#looks;
    const facts = await this.#keys.facts();
    const agents = await this.#agents.list();
    // A later look knows better.
    if (look !== this.#looks) return;
    this.#incidents.report(
      'agent-key',
      agents.flatMap(({ id, name }) => {
        const misused = facts.get(id)?.misused ?? null;
        return misused === null ? [] : [misuseCondition({ id, name }, misused)];
      }),
    );
  }
}

/** What is said of an agent whose replaced key was used. Pure. */
export function misuseCondition(
  agent: { readonly id: number; readonly name: string },
  misused: { readonly time: number; readonly address: string },
): OwnCondition {
  const { address } = misused;
  return {
    id: String(agent.id),
    severity: 'critical',
    title: {
      de: `Ein abgelöster Schlüssel des Agenten ${agent.name} wurde benutzt`,
      en: `A replaced key of the agent ${agent.name} was used`,
    },
    advice: {
      de: `Der Zugriff von ${address || 'unbekannter Adresse'} wurde abgewiesen. Läuft dort keine alte Kopie dieses Agenten, ist der Schlüssel gestohlen: Bitte unter Verwaltung > Agenten & Zugänge dem Agenten den Zugang entziehen oder ihn neu verbinden, die Zugangsdaten seiner Geräte ändern und den Hinweis dort als erledigt melden.`,
      en: `The call from ${address || 'an unknown address'} was refused. Unless an old copy of this agent runs there, the key was stolen: please revoke the agent or connect it anew under Administration > Agents & access, change the credentials of its devices, and say there that it is settled.`,
    },
    place: address,
    since: misused.time,
  };
}
