import { oneHour } from '../steps.ts';
import { type Retention, StoreUnavailable } from '../store.ts';
import { type InfluxClient, InfluxRefusal, identifier } from './client.ts';
import { rawPolicy, rollupPolicies } from './rollups.ts';

interface Policy {
  readonly name: string;
  /** InfluxQL duration. */
  readonly duration: string;
}

/**
 * Sees to it that database and retention policies are there. Only what is missing is made, because InfluxDB 2.x and 3.x
 * and 1.x users without administrator rights cannot make any; what is there keeps the duration that it has.
 * @throws StoreUnavailable saying what an administrator has to make, when it is missing and the server refuses it.
 */
export async function ensurePolicies(client: InfluxClient, retention: Retention): Promise<void> {
  const wanted: Policy[] = [
    { name: rawPolicy, duration: hours(retention.rawMs) },
    ...rollupPolicies.map(({ name }) => ({ name, duration: hours(retention.rollupMs) })),
  ];
  const present = await presentPolicies(client);
  const missing = wanted.filter(({ name }) => !present?.has(name));
  const database = identifier(client.database);
  try {
    if (!present) await client.query(`CREATE DATABASE ${database}`, 'POST');
    for (const { name, duration } of missing)
      await createPolicy(
        client,
        `CREATE RETENTION POLICY ${identifier(name)} ON ${database} DURATION ${duration} REPLICATION 1`,
      );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const what = present
      ? `the retention policies ${listed(missing)} in the database ${client.database}`
      : `the database ${client.database} with the retention policies ${listed(missing)}`;
    throw new StoreUnavailable(
      `InfluxDB did not let Rackhaus make what it needs (${why}): an administrator has to make ${what}, ` +
        'by a bucket and a DBRP mapping for each in InfluxDB 2.x (docs/installation.md).',
      { cause: error },
    );
  }
}

/** Names of the database's retention policies; undefined when there is no such database. */
async function presentPolicies(client: InfluxClient): Promise<Set<string> | undefined> {
  try {
    const series = await client.query(`SHOW RETENTION POLICIES ON ${identifier(client.database)}`);
    return new Set(
      series.flatMap(({ columns, values }) => values.map((row) => String(row[columns.indexOf('name')]))),
    );
  } catch (error) {
    if (!(error instanceof InfluxRefusal)) throw error;
    if (/database not found/i.test(error.message)) return undefined;
    throw new StoreUnavailable(
      `InfluxDB refuses a look at the database ${client.database} (${error.message}): please check user and ` +
        'password (in InfluxDB 2.x and 3.x a token as password) and their rights to read and write it.',
      { cause: error },
    );
  }
}

async function createPolicy(client: InfluxClient, statement: string): Promise<void> {
  try {
    await client.query(statement, 'POST');
  } catch (error) {
    // Made by another in the meantime.
    if (!(error instanceof InfluxRefusal) || !error.message.includes('already exists')) throw error;
  }
}

const hours = (ms: number) => `${Math.ceil(ms / oneHour)}h`;

const listed = (policies: readonly Policy[]) =>
  new Intl.ListFormat('en').format(policies.map(({ name, duration }) => `${name} (${duration})`));
