import { entityKinds, metric, metricIds } from '@rackhaus/config/contract';
import { FieldType, InfluxDB, type IPoint, type ISchemaOptions } from 'influx';
import { z } from 'zod';
import { StoreUnavailable } from '../store.ts';

export type Point = IPoint;

/** Reply to a query, by the InfluxDB 1.x API reference. Its times are asked for in milliseconds. */
const Reply = z.object({
  results: z.array(
    z.object({
      error: z.string().optional(),
      series: z
        .array(
          z.object({
            name: z.string().optional(),
            tags: z.record(z.string(), z.string()).optional(),
            columns: z.array(z.string()),
            values: z.array(z.array(z.union([z.number(), z.string(), z.boolean(), z.null()]))).default([]),
          }),
        )
        .default([]),
    }),
  ),
});
export type ResultSeries = z.infer<typeof Reply>['results'][number]['series'][number];

/** The server understood and said no; the same question would be answered the same. */
export class InfluxRefusal extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'InfluxRefusal';
  }
}

const deadlineMs = 20_000;
/** Points of one request; the server's own advice is 5,000 to 10,000. */
const pointsPerWrite = 5000;

/**
 * What InfluxDB is asked over its 1.x API, through the npm client. Nothing else imports that. User and password go as
 * Basic authentication with every request, where 2.x and 3.x take a token as password.
 */
export class InfluxClient {
  readonly database: string;
  readonly #influx: InfluxDB;
  readonly #writeUrl: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** `schema`: the type of each field, so that no server guesses it from the first value. */
  constructor(options: {
    url: string;
    database: string;
    user?: string;
    password?: string;
    schema: readonly FieldTypes[];
  }) {
    const url = new URL(options.url);
    const https = url.protocol === 'https:';
    this.database = options.database;
    this.#writeUrl = `${options.url.replace(/\/+$/, '')}/write?precision=ms&db=${encodeURIComponent(options.database)}`;
    const login = `${options.user}:${options.password ?? ''}`;
    this.#headers = options.user ? { authorization: `Basic ${Buffer.from(login).toString('base64')}` } : {};
    this.#influx = new InfluxDB({
      host: url.hostname,
      port: url.port === '' ? (https ? 443 : 80) : Number(url.port),
      path: url.pathname === '/' ? '' : url.pathname,
      protocol: https ? 'https' : 'http',
      database: options.database,
      ...(options.user ? { username: options.user, password: options.password ?? '' } : {}),
      // Whoever asks tries again in his own time. The client's own rule would answer "No host available" for seconds
      // after one refused connection, without trying.
      pool: { maxRetries: 0, requestTimeout: deadlineMs, backoff: neverBackOff },
      schema: options.schema.map(
        ({ measurement, fields }): ISchemaOptions => ({
          database: options.database,
          measurement,
          tags: ['d', 'e'],
          fields: Object.fromEntries(
            Object.entries(fields).map(([name, type]) => [
              name,
              type === 'float' ? FieldType.FLOAT : FieldType.INTEGER,
            ]),
          ),
        }),
      ),
    });
  }

  /** In several requests when they are many. @throws StoreUnavailable | InfluxRefusal */
  async write(points: readonly Point[], retentionPolicy: string): Promise<void> {
    for (let i = 0; i < points.length; i += pointsPerWrite)
      await answered(
        this.#influx.writePoints(points.slice(i, i + pointsPerWrite), { precision: 'ms', retentionPolicy }),
      );
  }

  /** Writes lines of line protocol as they are, which the npm client cannot. @throws StoreUnavailable | InfluxRefusal */
  async writeLines(lines: Uint8Array<ArrayBuffer>, retentionPolicy: string): Promise<void> {
    let status: number;
    let text: string;
    try {
      const reply = await fetch(`${this.#writeUrl}&rp=${encodeURIComponent(retentionPolicy)}`, {
        method: 'POST',
        body: lines,
        headers: this.#headers,
        signal: AbortSignal.timeout(deadlineMs),
      });
      status = reply.status;
      text = await reply.text();
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new StoreUnavailable(`InfluxDB: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause: error,
      });
    }
    if (status >= 200 && status < 300) return;
    const message = `${status} ${text.replace(/\s+/g, ' ').slice(0, 300)}`.trim();
    if (isRefusal(status)) throw new InfluxRefusal(message);
    throw new StoreUnavailable(`InfluxDB: ${message}`);
  }

  /** The series that one InfluxQL statement yields. @throws StoreUnavailable | InfluxRefusal */
  async query(statement: string, method: 'GET' | 'POST' = 'GET'): Promise<ResultSeries[]> {
    const raw: unknown = await answered(this.#influx.queryRaw(statement, { precision: 'ms', method }));
    const result = Reply.parse(raw).results[0];
    if (result?.error !== undefined) throw new InfluxRefusal(result.error);
    return result?.series ?? [];
  }
}

export interface FieldTypes {
  readonly measurement: string;
  readonly fields: Readonly<Record<string, 'float' | 'integer'>>;
}

/** Every field of the catalogue, named by `name`. */
export function fieldTypes(name: (field: string) => Record<string, 'float' | 'integer'>): FieldTypes[] {
  return entityKinds.map((kind) => ({
    measurement: kind,
    fields: Object.assign(
      {},
      ...metricIds.filter((id) => metric(id).kind === kind).map((id) => name(id.slice(kind.length + 1))),
    ),
  }));
}

/** InfluxQL string literal (its specification: escapes are `\\`, `\'` and `\n`). */
export function stringLiteral(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n')}'`;
}

/** InfluxQL identifier. */
export function identifier(name: string): string {
  return `"${name.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}

const neverBackOff = { getDelay: () => 0, next: () => neverBackOff, reset: () => neverBackOff };

/** With a deadline of our own: the client waits for ever when a reply breaks off in the middle. */
async function answered<T>(reply: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no complete answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([reply, deadline]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // The client's RequestError carries the reply that it is about; 4xx is a refusal, but for "come back later".
    const status = Refused.safeParse(error).data?.res.statusCode;
    if (status !== undefined && isRefusal(status)) throw new InfluxRefusal(message, { cause: error });
    throw new StoreUnavailable(`InfluxDB: ${message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

const Refused = z.object({ res: z.object({ statusCode: z.number() }) });
