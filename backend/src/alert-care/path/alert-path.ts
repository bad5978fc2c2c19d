import { AlertPath, type AlertSettings, type BilingualText } from '@rackhaus/config/contract';
import type { Incidents, OwnCondition } from '../../alerting/parts.ts';
import type { SiteGraph } from '../../cabling/graph/site-graph.ts';
import type { Database } from '../../database/tables.ts';
import type { Committed } from '../../history/changes.ts';
import { defineRoute, type Route } from '../../http/route.ts';
import { devicePlaces } from '../../inventory/device-places.ts';
import { oneAtATime } from '../../one-at-a-time.ts';
import { type ChannelNeed, type Examined, examine, interruptions, needOf } from './examine.ts';
import { loadChannels, loadTaken, loadTests, loadUplinks } from './load.ts';
import { type Ways, waysFrom } from './ways.ts';

/** Changes that come together are looked at together; channels and places are looked at this often anyway. */
const gatherMs = 1000;
const tickMs = 60_000;
const patienceMs = 1500;
/** What is on the way to where messages go. */
const kinds: ReadonlySet<string> = new Set(['link', 'link-end', 'port', 'port-wire', 'device', 'room']);

interface Options {
  readonly db: Database;
  readonly site: () => Promise<SiteGraph>;
  readonly onCommit: (listener: (committed: Committed) => void) => () => void;
  readonly incidents: Pick<Incidents, 'report' | 'onChange'>;
  readonly settings: { read(): Promise<AlertSettings>; onChange(listener: () => void): () => void };
  /** On which documented device this server runs; null: not said. */
  readonly serverDevice: () => number | null;
  readonly heartbeat: () => AlertPath['heartbeat'];
  readonly now: () => number;
  readonly onError: (message: string, error: unknown) => void;
}

/** What ways are looked at by; another object whenever something of it is another. */
interface Known {
  readonly site: SiteGraph;
  readonly key: string;
  readonly ways: Ways | null;
  readonly needs: readonly ChannelNeed[];
}

/**
 * What each way of telling depends on, by the documentation, and what of that is gone now. Looked at anew whenever cables, channels,
 * settings or incidents change; asked from memory.
 */
export class AlertPathWatch {
  readonly routes: readonly Route[];
  readonly #options: Options;
  readonly #refresh = oneAtATime(() => this.#refreshNow());
  readonly #look = oneAtATime(() => this.#lookNow());
  readonly #stops: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #stopped = true;
  #known: Known | null = null;
  #examined: Examined = { needs: [], single: new Map(), silent: [], unknown: [] };
  /** The same is not examined again. */
  #examinedFor: Known | null = null;
  #interrupted = new Map<number, number[]>();
  /** Since when a single fault would reach nobody. */
  #since: number | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.routes = [
      defineRoute({
        method: 'get',
        path: '/api/alert-path',
        summary: 'What each way of telling depends on, and which faults would reach nobody.',
        reply: AlertPath,
        handle: async ({ response }) => {
          response.set('Cache-Control', 'no-store');
          await this.#look();
          return this.#view();
        },
      }),
    ];
  }

  /** Whether what is open now keeps messages from this channel. From memory. */
  interrupted(channelId: number): boolean {
    return this.#interrupted.has(channelId);
  }

  /**
   * Resolves when `interrupted` answers by all that was open when this was called. Nobody is told late for it: it resolves anyway
   * after a second and a half.
   */
  async looked(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs);
    });
    await Promise.race([this.#refresh().catch((error: unknown) => this.#failed(error)), late]);
    clearTimeout(timer);
  }

  async start(): Promise<void> {
    const { onCommit, incidents, settings } = this.#options;
    this.#stopped = false;
    this.#stops.push(
      onCommit(({ objects, everything }) => {
        if (everything === true || objects.some(({ kind }) => kinds.has(kind))) this.#lookSoon();
      }),
      incidents.onChange(() => this.#lookSoon(0)),
      settings.onChange(() => this.#lookSoon()),
    );
    this.#timer = setInterval(() => this.#lookSoon(0), tickMs);
    await this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    for (const stop of this.#stops.splice(0)) stop();
    await this.#look().catch((error: unknown) => this.#failed(error));
  }

  #lookSoon(ms = gatherMs): void {
    if (this.#stopped || (this.#soon !== undefined && ms > 0)) return;
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      this.#look().catch((error: unknown) => this.#failed(error));
    }, ms);
  }

  #failed(error: unknown): void {
    this.#options.onError('the ways of telling could not be looked at', error);
  }

  async #lookNow(): Promise<void> {
    await this.#refresh();
    const known = this.#known;
    if (known !== null && known !== this.#examinedFor) {
      this.#examined = await examine(known.ways, known.needs);
      this.#examinedFor = known;
    }
    await this.#report(await this.#options.settings.read());
  }

  /** What is gone now of what channels need: a few milliseconds. */
  async #refreshNow(): Promise<void> {
    const { db, settings, serverDevice } = this.#options;
    const channels = await loadChannels(db);
    const set = await settings.read();
    const server = serverDevice();
    const site = await this.#options.site();
    const key = JSON.stringify([channels, set.mail, set.sms, server]);
    if (this.#known?.site !== site || this.#known.key !== key)
      this.#known = {
        site,
        key,
        ways:
          server === null || site.node(server) === undefined
            ? null
            : waysFrom(site, server, await loadUplinks(db, site, server)),
        needs: channels.map((channel) => needOf(channel, set)),
      };
    this.#interrupted = interruptions(this.#known.ways, this.#known.needs, await loadTaken(db));
  }

  /** Who listens for the heartbeat outside notices what keeps it inside: then nobody has to be warned. */
  async #report({ heartbeat }: AlertSettings): Promise<void> {
    const { db, incidents, now } = this.#options;
    const silent = this.#examined.silent.filter(
      ({ all, deviceId }) => all && deviceId !== this.#known?.ways?.server,
    );
    if (heartbeat !== null || silent.length === 0) {
      this.#since = null;
      incidents.report('alert-path', []);
      return;
    }
    this.#since ??= now();
    const names = await devicePlaces(
      db,
      silent.map(({ deviceId }) => deviceId),
    );
    incidents.report('alert-path', [
      unheard(
        silent.flatMap(({ deviceId }) => names.get(deviceId)?.name ?? []),
        this.#since,
      ),
    ]);
  }

  async #view(): Promise<AlertPath> {
    const { db, heartbeat, serverDevice } = this.#options;
    const { needs, single, silent, unknown } = this.#examined;
    const names = await devicePlaces(db, [
      ...new Set([
        ...[...single.values()].flat().map(({ deviceId }) => deviceId),
        ...silent.map(({ deviceId }) => deviceId),
      ]),
    ]);
    return {
      channels: needs.map(({ channel, unknown: further }) => ({
        channelId: channel.id,
        person: channel.person,
        name: channel.name,
        kind: channel.kind,
        needs: (single.get(channel.id) ?? []).flatMap(({ deviceId, why }) => {
          const name = names.get(deviceId)?.name;
          return name === undefined ? [] : [{ deviceId, name, why }];
        }),
        unknown: [...unknown, ...further],
        interruptedBy: this.#interrupted.get(channel.id) ?? [],
      })),
      silent: silent.flatMap((each) => {
        const named = names.get(each.deviceId);
        return named === undefined
          ? []
          : [{ ...each, name: named.name, place: named.place, people: [...each.people] }];
      }),
      serverDeviceId: serverDevice(),
      lastTests: await loadTests(db),
      heartbeat: heartbeat(),
    };
  }
}

const most = 5;

function unheard(names: readonly string[], since: number): OwnCondition {
  const some = names.slice(0, most).join(', ');
  const further = names.length - most;
  const devices: BilingualText =
    further > 0
      ? { de: `${some} und ${further} weiteren`, en: `${some} and ${further} more` }
      : { de: some, en: some };
  return {
    id: 'unheard',
    severity: 'warning',
    title: {
      de: `Von einem Ausfall von ${devices.de} erführe niemand`,
      en: `Nobody would hear of a failure of ${devices.en}`,
    },
    advice: {
      de: 'Alle Benachrichtigungswege hängen davon ab. Bitte einen unabhängigen Weg einrichten: SMS über ein Modem am Server, oder einen Herzschlag zu einer Adresse außerhalb.',
      en: 'All ways of telling depend on it. Please set up an independent one: SMS through a modem at the server, or a heartbeat to an address outside.',
    },
    place: '',
    since,
  };
}
