import type { PowerDevice, PowerSource, PowerView } from '@rackhaus/config/contract';
import { allWithin, type Reach } from '../../access/scope.ts';
import type { Database } from '../../database/tables.ts';
import { chunked } from '../../history/rows.ts';
import { placeText } from '../../inventory/placement.ts';
import { singleSupplies } from '../graph/impact.ts';
import type { SiteGraph } from '../graph/site-graph.ts';
import type { Sites } from '../graph/sites.ts';
import type { PowerCords } from './cords.ts';
import { cordsChanged } from './cords-changed.ts';
import { Draws, failoverOf } from './draws.ts';
import { loadCords } from './load-cords.ts';
import { type Measured, measuredOf, share } from './measured.ts';
import { ownCords } from './own-cords.ts';
import { ratedTypes, unrated } from './rated.ts';
import type { Readings } from './readings.ts';
import { remarkOf } from './remark.ts';
import { verdictOf } from './verdict.ts';

/** Where to look; neither: everywhere. */
export interface PowerScope {
  readonly siteId?: number | undefined;
  readonly roomId?: number | undefined;
}

/** How devices are fed, and what their sources carry. */
export class PowerViews {
  readonly #db: Database;
  readonly #sites: Sites;
  readonly #readings: Readings;
  #known: { readonly site: SiteGraph; readonly cords: Promise<PowerCords> } | null = null;

  constructor(options: { db: Database; sites: Sites; readings: Readings }) {
    this.#db = options.db;
    this.#sites = options.sites;
    this.#readings = options.readings;
  }

  /** Of other sites than those within reach nothing is told: neither what is there, nor what it draws, nor how much of it there is. */
  async view(scope: PowerScope, reach: Reach | null = null): Promise<PowerView> {
    const site = await this.#sites.now();
    const whole = await this.#cordsOf(site);
    const own = reach === null ? null : await allWithin(this.#db, 'device', reach);
    const cords = own === null ? whole : ownCords(whole, own);
    const isOwn = (id: number) => own === null || own.has(id);
    const powered = (await this.#devices(scope)).filter(({ id }) => isOwn(id));
    const consumers = powered.filter(({ id }) => !cords.isSource(id) && cords.inlets(id).length > 0);
    const inScope = new Set(powered.filter(({ id }) => cords.isSource(id)).map(({ id }) => id));
    for (const { id } of powered) for (const above of cords.above(id)) inScope.add(above);
    // What a source carries depends on all that hangs on it, wherever that stands.
    const around = new Set(inScope);
    for (const id of inScope) for (const below of cords.below(id)) around.add(below);
    for (const id of [...around]) for (const above of cords.above(id)) around.add(above);
    const rows = new Map((await this.#byIds([...around])).map((row) => [row.id, row]));
    const rated = await ratedTypes(this.#db, [
      ...new Set([...rows.values()].flatMap((row) => row.typeId ?? [])),
    ]);
    const ratedOf = (id: number) => rated.get(rows.get(id)?.typeId ?? 0) ?? unrated;
    const measured = new Map<number, Measured>();
    for (const { id, role } of rows.values())
      measured.set(id, measuredOf(role, this.#readings.of(id) ?? [], ratedOf(id)));
    const draws = new Draws({
      cords,
      measured: {
        device: (id) => measured.get(id)?.watts ?? null,
        outlet: (id, name) => measured.get(id)?.outletWatts.get(name) ?? null,
        supply: (id) => ratedOf(id).inletWatts,
      },
    });
    const portsBelow = (id: number) =>
      [id, ...cords.below(id)]
        .filter((each) => cords.isSource(each))
        .flatMap((each) => cords.outlets(each).map((port) => port.id));
    const changed = await cordsChanged(this.#db, [
      ...new Set([...inScope].flatMap((id) => [...portsBelow(id)])),
    ]);
    const sources = [...inScope].flatMap((id): PowerSource[] => {
      const row = rows.get(id);
      const own = measured.get(id);
      if (row === undefined || own === undefined) return [];
      const watts = own.watts ?? draws.ofSource(id);
      const failover = failoverOf(id, cords, draws);
      const load = {
        watts: rounded(watts),
        load: own.load ?? share(watts, own.limitWatts),
        limitWatts: own.limitWatts,
        phases: own.phases,
        failoverWatts: rounded(failover.watts),
      };
      const changes = portsBelow(id).flatMap((portId) => changed.get(portId) ?? []);
      return [
        {
          id,
          name: row.name,
          role: row.role,
          place: row.place,
          room: row.room,
          monitored: this.#readings.of(id) !== null,
          inlets: cords.chains(id),
          outlets: cords.outlets(id).length,
          feeds: cords.outOf(id).length,
          ...load,
          limitFrom: own.limitFrom,
          wattsFrom: own.watts !== null ? 'reading' : watts !== null ? 'sum' : null,
          redundantFeeds: failover.shared,
          runtimeSeconds: own.runtimeSeconds,
          failoverRuntimeSeconds: onFailover(own.runtimeSeconds, watts, failover.watts),
          onBattery: own.onBattery,
          cordsChanged: changes.toSorted((a, b) => b.changeId - a.changeId)[0] ?? null,
          remark: remarkOf(load),
        },
      ];
    });
    const devices = consumers.map((row): PowerDevice => {
      const inlets = cords.chains(row.id);
      // By all cords: that a source of one's own takes it down is true however the way from it leads.
      const single = singleSupplies(site, row.id)
        .filter(isOwn)
        .map((id) => ({ id, name: cords.devices.get(id)?.name ?? '' }));
      const verdict = verdictOf(
        inlets,
        single.map(({ id }) => id),
      );
      const { id, name, role, place, room } = row;
      const alone = verdict === 'same-source' || verdict === 'one-supply';
      return { id, name, role, place, room, inlets, verdict, single: alone ? single : [] };
    });
    return { devices: devices.toSorted(byName), sources: sources.toSorted(byName) };
  }

  /** Cords are read anew when the graph is. */
  #cordsOf(site: SiteGraph): Promise<PowerCords> {
    if (this.#known?.site !== site) {
      const cords = loadCords(this.#db, site);
      this.#known = { site, cords };
      // What could not be read is asked for again next time.
      cords.catch(() => {
        this.#known = null;
      });
    }
    return this.#known.cords;
  }

  async #devices({ siteId, roomId }: PowerScope): Promise<DeviceRow[]> {
    let query = this.#query();
    if (roomId !== undefined) query = query.where('devices.room_id', '=', roomId);
    if (siteId !== undefined) query = query.where('rooms.site_id', '=', siteId);
    return (await query.execute()).map(placed);
  }

  async #byIds(ids: readonly number[]): Promise<DeviceRow[]> {
    const found: DeviceRow[] = [];
    for (const part of chunked(ids))
      found.push(...(await this.#query().where('devices.id', 'in', part).execute()).map(placed));
    return found;
  }

  #query() {
    return this.#db
      .selectFrom('devices')
      .leftJoin('device_types', 'device_types.id', 'devices.type_id')
      .leftJoin('rooms', 'rooms.id', 'devices.room_id')
      .leftJoin('racks', 'racks.id', 'devices.rack_id')
      .select([
        'devices.id',
        'devices.name',
        'devices.role',
        'devices.type_id as typeId',
        'devices.position',
        'device_types.u_height as uHeight',
        'rooms.id as roomId',
        'rooms.name as roomName',
        'racks.name as rack',
      ]);
  }
}

interface DeviceRow {
  readonly id: number;
  readonly name: string;
  readonly role: string;
  readonly typeId: number | null;
  readonly place: string;
  readonly room: { id: number; name: string } | null;
}

function placed(row: {
  id: number;
  name: string;
  role: string;
  typeId: number | null;
  position: number | null;
  uHeight: number | null;
  roomId: number | null;
  roomName: string | null;
  rack: string | null;
}): DeviceRow {
  const { id, name, role, typeId, position, uHeight, roomId, roomName, rack } = row;
  return {
    id,
    name,
    role,
    typeId,
    place: placeText({ room: roomName, rack, position, uHeight: uHeight ?? 0 }),
    room: roomId === null || roomName === null ? null : { id: roomId, name: roomName },
  };
}

/** A battery that gives more lasts shorter at least in proportion. */
function onFailover(seconds: number | null, watts: number | null, failover: number | null): number | null {
  if (seconds === null || watts === null || failover === null || failover <= 0) return null;
  return Math.round(seconds * Math.min(1, watts / failover));
}

function rounded(watts: number | null): number | null {
  return watts === null ? null : Math.round(watts);
}

const collator = new Intl.Collator('de', { numeric: true, sensitivity: 'base' });
function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return collator.compare(a.name, b.name);
}
