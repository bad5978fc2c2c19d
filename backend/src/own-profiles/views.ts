import type { ProfileChecked, ProfileDetail, ProfileList, ProfileRow } from '@rackhaus/config/contract';
import type { z } from 'zod';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import type { OwnProfiles } from './own-profiles.ts';
import { deviceCounts, devicesOf, type OwnProfileRow, versionOf } from './store.ts';

const mostDevices = 200;

/** What people see of the profiles, shipped and own. */
export class ProfileViews {
  readonly #db: Database;
  readonly #own: OwnProfiles;
  readonly #agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;

  constructor(options: {
    db: Database;
    own: OwnProfiles;
    agents: () => Promise<readonly { readonly id: number; readonly name: string }[]>;
  }) {
    this.#db = options.db;
    this.#own = options.own;
    this.#agents = options.agents;
  }

  /** All of them, by title, and how far the agents are with those that are not shipped. */
  async list(): Promise<z.input<typeof ProfileList>> {
    const own = await this.#own.list();
    const counts = await deviceCounts(this.#db);
    const ids = new Set([...this.#own.shipped.profiles.keys(), ...own.keys()]);
    const profiles = [...ids]
      .map((id) => this.#row(id, own.get(id), counts))
      .sort((a, b) => a.title.localeCompare(b.title) || a.id.localeCompare(b.id));
    const agents = (await this.#agents()).map(({ id, name }) => {
      const taken = this.#own.taken(id);
      const isCurrent =
        (taken?.hash ?? '') === this.#own.hash || (taken === undefined && this.#own.hash === '');
      return {
        id,
        name,
        state: isCurrent ? ('current' as const) : ('waiting' as const),
        refused: isCurrent ? (taken?.refused ?? []) : [],
      };
    });
    return { profiles, agents };
  }

  /** One of them with its text and its versions. @throws AppError `not-found` */
  async detail(id: string): Promise<z.input<typeof ProfileDetail>> {
    const own = (await this.#own.list()).get(id);
    const shipped = await this.#own.shippedText(id);
    if (own === undefined && shipped === null)
      throw new AppError('not-found', `There is no profile "${id}".`);
    const versions =
      own === undefined
        ? []
        : await this.#db
            .selectFrom('profile_versions')
            .select(['version', 'title', 'note', 'created_at', 'created_by'])
            .where('profile_id', '=', id)
            .orderBy('version', 'desc')
            .execute();
    const named = (one: string) => ({ id: one, title: this.#own.set.profiles.get(one)?.title ?? one });
    const profile = this.#row(id, own, await deviceCounts(this.#db));
    const text =
      own !== undefined && (own.activeVersion !== null || shipped === null) ? own.text : (shipped ?? '');
    return {
      profile,
      text,
      shipped,
      versions: versions.map((row) => ({
        version: row.version,
        title: row.title,
        note: row.note,
        createdAt: row.created_at,
        createdBy: row.created_by,
      })),
      includedBy: [...this.#own.set.profiles.values()]
        .filter((one) => one.includes.includes(id))
        .map((one) => named(one.id)),
      includes: (this.#own.set.profiles.get(id)?.includes ?? []).map(named),
      devices: await devicesOf(this.#db, id, mostDevices),
    };
  }

  /** A text to be kept as a file. @throws AppError `not-found` */
  async file(id: string, version: 'shipped' | number | undefined): Promise<string> {
    if (version === undefined) return (await this.detail(id)).text;
    const text =
      version === 'shipped'
        ? await this.#own.shippedText(id)
        : (await versionOf(this.#db, id, version))?.text;
    if (text === null || text === undefined)
      throw new AppError('not-found', `There is no such version of the profile "${id}".`);
    return text;
  }

  /** What is wrong in a text, else what it is. */
  async check(text: string): Promise<z.input<typeof ProfileChecked>> {
    const { profile, problems } = this.#own.check(text);
    if (profile === null)
      return {
        problems: problems.map(({ line, path, message }) => ({ line: line ?? null, path, message })),
        summary: null,
      };
    const parts = new Set([profile]);
    for (const part of parts)
      for (const id of part.includes) {
        const included = this.#own.set.profiles.get(id);
        if (included) parts.add(included);
      }
    const metrics = new Set(
      [...parts].flatMap(({ tables, scalars }) =>
        [...tables, ...scalars].flatMap(({ values }) => values.map(({ metric }) => metric)),
      ),
    );
    const { id, title, match } = profile;
    const newestVersion = (await this.#own.list()).get(id)?.newestVersion ?? null;
    return {
      problems: [],
      summary: {
        id,
        title,
        part: match.length === 0,
        replaces: this.#own.shipped.profiles.has(id),
        newestVersion,
        metrics: [...metrics].sort(),
      },
    };
  }

  #row(
    id: string,
    own: OwnProfileRow | undefined,
    counts: { used: ReadonlyMap<string, number>; byHand: ReadonlyMap<string, number> },
  ): ProfileRow {
    const shipped = this.#own.shipped.profiles.get(id);
    const profile = this.#own.set.profiles.get(id);
    const active = own?.activeVersion ?? null;
    const source =
      active === null
        ? shipped
          ? 'shipped'
          : 'inactive'
        : shipped
          ? ('replaced' as const)
          : ('own' as const);
    return {
      id,
      title: (active === null ? shipped?.title : undefined) ?? own?.title ?? profile?.title ?? id,
      source,
      activeVersion: active,
      newestVersion: own?.newestVersion ?? null,
      part: (profile?.match.length ?? 0) === 0 && id !== 'generic' && source !== 'inactive',
      devices: counts.used.get(id) ?? 0,
      byHand: counts.byHand.get(id) ?? 0,
      problem: this.#own.problemOf(id),
    };
  }
}
