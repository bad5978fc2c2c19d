import type { ImpactReply, Interrupted } from '@rackhaus/config/contract';
import type { Database } from '../../database/tables.ts';
import { devicePlaces } from '../../inventory/device-places.ts';
import { dependentsOf } from '../../inventory/services/needs.ts';
import { type PlannedItem, withPlan } from '../planned.ts';
import { impactBetween, impactOf, type Loss } from './impact.ts';
import { loadSite } from './load-site.ts';
import type { SiteGraph } from './site-graph.ts';

/** What is to be taken out, by ids. */
export interface TakenOut {
  readonly deviceIds?: readonly number[];
  readonly linkIds?: readonly number[];
  readonly portIds?: readonly number[];
}

const worse: readonly Loss[] = ['power', 'network', 'redundancy'];

/** Answers what fails when something is gone, from the documentation as it is now. */
export class Sites {
  readonly #db: Database;
  #known: { readonly revision: number; readonly site: Promise<SiteGraph> } | null = null;

  constructor(options: { db: Database }) {
    this.#db = options.db;
  }

  /** The whole inventory as a graph; read anew after it has changed. */
  async now(): Promise<SiteGraph> {
    const { revision } = await this.#db
      .selectFrom('inventory_revision')
      .select('revision')
      .executeTakeFirstOrThrow();
    if (this.#known?.revision !== revision) {
      const site = loadSite(this.#db);
      this.#known = { revision, site };
      // What could not be read is asked for again next time.
      site.catch(() => {
        this.#known = null;
      });
    }
    return this.#known.site;
  }

  /** What fails when these are gone, with names: power first, then network, then what only loses redundancy. */
  async impact(out: TakenOut): Promise<ImpactReply> {
    const losses = impactOf(await this.now(), {
      devices: new Set(out.deviceIds),
      cables: new Set(out.linkIds),
      ports: new Set(out.portIds),
    });
    return this.#named(losses, new Set(out.deviceIds));
  }

  /** What an order interrupts while its cables are out, and what of it does not come back when it is done. */
  async interrupted(out: TakenOut, items: readonly PlannedItem[]): Promise<Interrupted[]> {
    const meanwhile = await this.impact(out);
    const now = await this.now();
    // What loses its last cord has no power then, although nothing documented feeds it any more.
    const sources = {
      network: new Set(now.devices.filter((device) => device.networkSource).map(({ id }) => id)),
      power: new Set(now.devices.filter((device) => device.powerSource).map(({ id }) => id)),
    };
    const afterwards = await loadSite(this.#db, { cables: (today) => withPlan(today, items), sources });
    const forGood = await this.#named(impactBetween(now, afterwards), new Set());
    const list: Interrupted[] = [];
    for (const kind of ['device', 'service'] as const) {
      const [during, later] =
        kind === 'device' ? [meanwhile.devices, forGood.devices] : [meanwhile.services, forGood.services];
      const names = new Map([...during, ...later].map(({ id, name }) => [id, name]));
      for (const [id, name] of names) {
        const stays = later.find((each) => each.id === id)?.loses;
        const now = during.find((each) => each.id === id)?.loses;
        const loses = worse.find((loss) => loss === stays || loss === now);
        if (loses !== undefined) list.push({ kind, id, name, loses, forGood: loses === stays });
      }
    }
    return list.toSorted((a, b) => worse.indexOf(a.loses) - worse.indexOf(b.loses));
  }

  async #named(losses: ReadonlyMap<number, Loss>, gone: ReadonlySet<number>): Promise<ImpactReply> {
    const devices: ImpactReply['devices'] = [];
    for (const [id, { name, place }] of await devicePlaces(this.#db, [...losses.keys()])) {
      const loses = losses.get(id);
      if (loses !== undefined) devices.push({ id, name, place, loses });
    }
    devices.sort(
      (a, b) => worse.indexOf(a.loses) - worse.indexOf(b.loses) || a.name.localeCompare(b.name, 'de'),
    );
    return { devices, services: await this.#services(losses, gone) };
  }

  /** Services on devices that fail, and those that need them. What is gone itself counts as without network. */
  async #services(
    losses: ReadonlyMap<number, Loss>,
    gone: ReadonlySet<number>,
  ): Promise<ImpactReply['services']> {
    const runsOn = await this.#db.selectFrom('service_devices').select(['service_id', 'device_id']).execute();
    const needs = (
      await this.#db.selectFrom('service_needs').select(['service_id', 'needs_id']).execute()
    ).map((row) => ({ from: row.service_id, to: row.needs_id }));
    const found = new Map<number, Loss>();
    for (const loss of worse) {
      const roots = runsOn
        .filter(({ device_id: id }) => losses.get(id) === loss || (loss === 'network' && gone.has(id)))
        .map((row) => row.service_id);
      for (const { id } of dependentsOf(needs, [...new Set(roots)])) if (!found.has(id)) found.set(id, loss);
    }
    if (found.size === 0) return [];
    const names = await this.#db
      .selectFrom('services')
      .select(['id', 'name'])
      .where('id', 'in', [...found.keys()])
      .orderBy('name')
      .execute();
    return names
      .map(({ id, name }) => ({ id, name, loses: found.get(id) ?? ('redundancy' as const) }))
      .toSorted((a, b) => worse.indexOf(a.loses) - worse.indexOf(b.loses));
  }
}
