import { type EntityKind, entityKinds, isMetricId, metric, type Reading } from '@rackhaus/config/contract';
import { type DatabaseSync, numberOf, type StatementSync, textOf } from './database.ts';

export interface Entity {
  readonly id: number;
  readonly deviceId: number;
  readonly kind: EntityKind;
  readonly name: string;
}

export interface Field {
  readonly id: number;
  readonly name: string;
  /** Values are kept as whole numbers of this many decimals. */
  readonly decimals: number;
}

/**
 * Numbers for entities and metrics, so that a stored value needs a byte to say what it is. A metric keeps the decimals it
 * had when it was first stored.
 */
export class Dictionary {
  readonly #entities = new Map<string, Entity>();
  readonly #fields = new Map<string, Field>();
  readonly #fieldsById = new Map<number, Field>();
  readonly #insertEntity: StatementSync;
  readonly #insertField: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insertEntity = database.prepare('INSERT INTO entity (device, kind, name) VALUES (?, ?, ?)');
    this.#insertField = database.prepare('INSERT INTO field (metric, decimals) VALUES (?, ?)');
    for (const row of database.prepare('SELECT id, device, kind, name FROM entity').all()) {
      const kind = entityKinds.find((known) => known === textOf(row, 'kind'));
      if (kind === undefined) continue; // a kind that the catalogue no longer has
      this.#keep({
        id: numberOf(row, 'id'),
        deviceId: numberOf(row, 'device'),
        kind,
        name: textOf(row, 'name'),
      });
    }
    for (const row of database.prepare('SELECT id, metric, decimals FROM field').all())
      this.#keepField(numberOf(row, 'id'), textOf(row, 'metric'), numberOf(row, 'decimals'));
  }

  get entities(): Iterable<Entity> {
    return this.#entities.values();
  }

  entity(deviceId: number, kind: EntityKind, name: string): Entity | undefined {
    return this.#entities.get(keyOf(deviceId, kind, name));
  }

  /** The reading's entity, made on its first reading. */
  entityOf(reading: Reading): Entity {
    const known = this.entity(reading.deviceId, reading.kind, reading.entity);
    if (known) return known;
    const { deviceId, kind, entity: name } = reading;
    const { lastInsertRowid } = this.#insertEntity.run(deviceId, kind, name);
    return this.#keep({ id: Number(lastInsertRowid), deviceId, kind, name });
  }

  /** Values by field number, scaled to whole numbers. What is not in the catalogue or not representable is left out. */
  scale(reading: Reading): Map<number, number> {
    const scaled = new Map<number, number>();
    for (const [name, value] of Object.entries(reading.values)) {
      const id = `${reading.kind}.${name}`;
      const field = this.#fields.get(id) ?? this.#addField(id);
      if (!field) continue;
      const whole = Math.round(value * 10 ** field.decimals);
      if (Math.abs(whole) <= 2 ** 52) scaled.set(field.id, whole);
    }
    return scaled;
  }

  unscale(values: Iterable<readonly [number, number]>): Record<string, number> {
    const result: Record<string, number> = {};
    for (const [id, value] of values) {
      const field = this.#fieldsById.get(id);
      if (field) result[field.name] = unscale(value, field.decimals);
    }
    return result;
  }

  field(kind: EntityKind, name: string): Field | undefined {
    return this.#fields.get(`${kind}.${name}`);
  }

  #addField(id: string): Field | undefined {
    if (!isMetricId(id)) return undefined;
    const { decimals } = metric(id);
    const { lastInsertRowid } = this.#insertField.run(id, decimals);
    return this.#keepField(Number(lastInsertRowid), id, decimals);
  }

  #keep(entity: Entity): Entity {
    this.#entities.set(keyOf(entity.deviceId, entity.kind, entity.name), entity);
    return entity;
  }

  #keepField(id: number, metricId: string, decimals: number): Field {
    const field = { id, name: metricId.slice(metricId.indexOf('.') + 1), decimals };
    this.#fields.set(metricId, field);
    this.#fieldsById.set(id, field);
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
