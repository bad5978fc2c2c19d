import { type EntityKind, entityKinds, isMetricId, metric } from '@rackhaus/config/contract';
import type { EntityKey } from '../reading-batch.ts';
import { type DatabaseSync, numberOf, type StatementSync, textOf } from './database.ts';

export interface Entity extends EntityKey {
  readonly id: number;
  /** The number of the raw window with its newest reading; only grows. 0: none is packed. */
  newest: number;
}

export interface Field {
  readonly id: number;
  /** `<kind>.<name>` */
  readonly metric: string;
  /** Values are kept as whole numbers of this many decimals. */
  readonly decimals: number;
}

/**
 * Numbers for entities and metrics, so that a stored value needs a byte to say what it is. A metric keeps the decimals it
 * had when it was first stored. What is added within a transaction must be confirmed, or taken back with it.
 */
export class Dictionary {
  readonly #byKey = new Map<string, Entity>();
  readonly #byId = new Map<number, Entity>();
  readonly #fields = new Map<string, Field>();
  readonly #fieldsById = new Map<number, Field>();
  readonly #insertEntity: StatementSync;
  readonly #insertField: StatementSync;
  readonly #updateNewest: StatementSync;
  #limit = 1;
  #unconfirmed: (Entity | Field)[] = [];
  #newestBefore: [Entity, number][] = [];

  constructor(database: DatabaseSync) {
    this.#insertEntity = database.prepare('INSERT INTO entity (device, kind, name) VALUES (?, ?, ?)');
    this.#insertField = database.prepare('INSERT INTO field (metric, decimals) VALUES (?, ?)');
    this.#updateNewest = database.prepare('UPDATE entity SET newest = ? WHERE id = ?');
    for (const row of database.prepare('SELECT id, device, kind, name, newest FROM entity').all()) {
      const kind = entityKinds.find((known) => known === textOf(row, 'kind'));
      if (kind === undefined) continue; // a kind that the catalogue no longer has
      this.#keep({
        id: numberOf(row, 'id'),
        deviceId: numberOf(row, 'device'),
        kind,
        entity: textOf(row, 'name'),
        newest: numberOf(row, 'newest'),
      });
    }
    for (const row of database.prepare('SELECT id, metric, decimals FROM field').all())
      this.#keepField({
        id: numberOf(row, 'id'),
        metric: textOf(row, 'metric'),
        decimals: numberOf(row, 'decimals'),
      });
  }

  get entities(): Iterable<Entity> {
    return this.#byKey.values();
  }

  entity({ deviceId, kind, entity }: EntityKey): Entity | undefined {
    return this.#byKey.get(keyOf(deviceId, kind, entity));
  }

  /** All ids are below this. */
  get limit(): number {
    return this.#limit;
  }

  byId(id: number): Entity | undefined {
    return this.#byId.get(id);
  }

  /** The entity, made when it is new. */
  entityOf(key: EntityKey): Entity {
    const known = this.entity(key);
    if (known) return known;
    const { deviceId, kind, entity } = key;
    const { lastInsertRowid } = this.#insertEntity.run(deviceId, kind, entity);
    const added = this.#keep({ id: Number(lastInsertRowid), deviceId, kind, entity, newest: 0 });
    this.#unconfirmed.push(added);
    return added;
  }

  field(kind: EntityKind, name: string): Field | undefined {
    return this.#fields.get(`${kind}.${name}`);
  }

  fieldById(id: number): Field | undefined {
    return this.#fieldsById.get(id);
  }

  /** The field of a metric, made when it is new; undefined for what is not in the catalogue. */
  fieldOf(id: string): Field | undefined {
    const known = this.#fields.get(id);
    if (known) return known;
    if (!isMetricId(id)) return undefined;
    const { decimals } = metric(id);
    const { lastInsertRowid } = this.#insertField.run(id, decimals);
    const added = this.#keepField({ id: Number(lastInsertRowid), metric: id, decimals });
    this.#unconfirmed.push(added);
    return added;
  }

  /** Notes that an entity has readings in a raw window. */
  sawWindow(entity: Entity, window: number): void {
    if (window <= entity.newest) return;
    this.#updateNewest.run(window, entity.id);
    this.#newestBefore.push([entity, entity.newest]);
    entity.newest = window;
  }

  confirm(): void {
    this.#unconfirmed = [];
    this.#newestBefore = [];
  }

  takeBack(): void {
    for (const each of this.#unconfirmed) {
      if ('metric' in each) {
        this.#fields.delete(each.metric);
        this.#fieldsById.delete(each.id);
      } else {
        this.#byKey.delete(keyOf(each.deviceId, each.kind, each.entity));
        this.#byId.delete(each.id);
      }
    }
    for (const [entity, newest] of this.#newestBefore.toReversed()) entity.newest = newest;
    this.confirm();
  }

  #keep(entity: Entity): Entity {
    this.#byKey.set(keyOf(entity.deviceId, entity.kind, entity.entity), entity);
    this.#byId.set(entity.id, entity);
    this.#limit = Math.max(this.#limit, entity.id + 1);
    return entity;
  }

  #keepField(field: Field): Field {
    this.#fields.set(field.metric, field);
    this.#fieldsById.set(field.id, field);
    return field;
  }
}

/** The value that a whole number stands for. Negative decimals multiply, because dividing by 0.001 is not exact. */
export function unscale(whole: number, decimals: number): number {
  return decimals < 0 ? whole * 10 ** -decimals : whole / 10 ** decimals;
}

function keyOf(deviceId: number, kind: EntityKind, name: string): string {
  return `${deviceId}/${kind}/${name}`;
}
