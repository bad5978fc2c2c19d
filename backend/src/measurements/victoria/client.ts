import { z } from 'zod';
import { StoreUnavailable } from '../store.ts';

export interface VictoriaSettings {
  /** Of a single node, of vmselect or of a proxy before a cluster. */
  readonly url: string;
  /** Of vminsert, where that is another address. */
  readonly insertUrl?: string;
  /** The tenant of a cluster, `accountID` or `accountID:projectID`. When left out, it is a single node. */
  readonly account?: string;
  /** With a password: Basic authentication. A password without user is sent as a bearer token. */
  readonly user?: string;
  readonly password?: string;
}

/** The server understood and said no; the same question would be answered the same. */
export class VictoriaRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'VictoriaRefusal';
  }
}

const Labels = z.record(z.string(), z.string());

/** Replies of the Prometheus querying API, by its reference. Values are text. */
const QueryReply = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: Labels,
        value: z.tuple([z.number(), z.string()]).optional(),
        values: z.array(z.tuple([z.number(), z.string()])).optional(),
      }),
    ),
  }),
});
const SeriesReply = z.object({ data: z.array(Labels) });
const LabelValuesReply = z.object({ data: z.array(z.string()) });

/** A line of an export, by VictoriaMetrics' documentation. Times in milliseconds. */
const ExportLine = z.object({
  metric: Labels,
  values: z.array(z.number().nullable()),
  timestamps: z.array(z.number()),
});
export type ExportedSeries = z.infer<typeof ExportLine>;

/** A series of an answer; times in milliseconds. */
export interface ResultSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly { readonly time: number; readonly value: number }[];
}

const deadlineMs = 20_000;

/** What VictoriaMetrics is asked over HTTP: line protocol in, PromQL out, on the paths of a single node or of a cluster. */
export class VictoriaClient {
  readonly #insert: string;
  readonly #select: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(settings: VictoriaSettings) {
    const select = settings.url.replace(/\/+$/, '');
    const insert = (settings.insertUrl ?? settings.url).replace(/\/+$/, '');
    const { account, user, password } = settings;
    this.#insert = account === undefined ? insert : `${insert}/insert/${account}/influx`;
    this.#select = account === undefined ? select : `${select}/select/${account}/prometheus`;
    this.#headers = password === undefined ? {} : { authorization: authorization(user, password) };
  }

  /** Writes lines of line protocol with times in milliseconds. @throws StoreUnavailable | VictoriaRefusal */
  async write(lines: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#ask('VICTORIA_INSERT_URL or VICTORIA_URL', `${this.#insert}/write?precision=ms`, lines);
  }

  /** The value of an expression at a time. @throws StoreUnavailable | VictoriaRefusal */
  async query(query: string, time: number): Promise<ResultSeries[]> {
    const reply = await this.#get('query', { query, time: seconds(time), nocache: '1' });
    return resultOf(QueryReply.parse(JSON.parse(reply)));
  }

  /** The values of an expression from `start` every `step` until `end`. @throws StoreUnavailable | VictoriaRefusal */
  async queryRange(
    query: string,
    range: { start: number; end: number; step: number },
  ): Promise<ResultSeries[]> {
    const { start, end, step } = range;
    const reply = await this.#get('query_range', {
      query,
      start: seconds(start),
      end: seconds(end),
      step: `${step}ms`,
      // Otherwise the server moves start and end to what it has in its cache.
      nocache: '1',
    });
    return resultOf(QueryReply.parse(JSON.parse(reply)));
  }

  /** All values of the series that a selector names over [from, to). @throws StoreUnavailable | VictoriaRefusal */
  async export(selector: string, from: number, to: number): Promise<ExportedSeries[]> {
    const reply = await this.#get('export', {
      'match[]': selector,
      start: seconds(from),
      end: seconds(to - 1),
    });
    return reply
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ExportLine.parse(JSON.parse(line)));
  }

  /** Labels of the series that a selector names and that have values since about `from`. @throws StoreUnavailable | VictoriaRefusal */
  async series(selector: string, from: number): Promise<Readonly<Record<string, string>>[]> {
    const reply = await this.#get('series', { 'match[]': selector, start: sinceSeconds(from) });
    return SeriesReply.parse(JSON.parse(reply)).data;
  }

  /** The values that a label has in the series that a selector names. @throws StoreUnavailable | VictoriaRefusal */
  async labelValues(label: string, selector: string, from: number): Promise<string[]> {
    const reply = await this.#get(`label/${label}/values`, {
      'match[]': selector,
      start: sinceSeconds(from),
    });
    return LabelValuesReply.parse(JSON.parse(reply)).data;
  }

  /** As a form in the body, because an address has not room for long names. */
  #get(path: string, parameters: Readonly<Record<string, string>>): Promise<string> {
    return this.#ask('VICTORIA_URL', `${this.#select}/api/v1/${path}`, new URLSearchParams(parameters));
  }

  async #ask(setting: string, url: string, body: Uint8Array<ArrayBuffer> | URLSearchParams): Promise<string> {
    let status: number;
    let text: string;
    try {
      const reply = await fetch(url, {
        method: 'POST',
        body,
        headers: this.#headers,
        signal: AbortSignal.timeout(deadlineMs),
      });
      status = reply.status;
      text = await reply.text();
    } catch (error) {
      throw new StoreUnavailable(`VictoriaMetrics: ${reasonOf(error)}`, { cause: error });
    }
    if (status >= 200 && status < 300) return text;
    const said = `${status} ${shortened(text)}`.trim();
    if (status === 401 || status === 403)
      throw new StoreUnavailable(
        `VictoriaMetrics refuses user and password (${said}): please check VICTORIA_USER and VICTORIA_PASSWORD (a token ` +
          'without user) and their rights to read and write.',
      );
    if (status === 404 || /unsupported path/i.test(text))
      throw new StoreUnavailable(
        `There is no VictoriaMetrics at this path (${said}): please check ${setting}, and VICTORIA_ACCOUNT, which is set for ` +
          'a cluster and left out for a single node.',
      );
    if (status >= 500 || status === 408 || status === 429)
      throw new StoreUnavailable(`VictoriaMetrics: ${said}`);
    throw new VictoriaRefusal(`VictoriaMetrics: ${said}`);
  }
}

function authorization(user: string | undefined, password: string): string {
  if (user === undefined || user === '') return `Bearer ${password}`;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function resultOf({ data }: z.infer<typeof QueryReply>): ResultSeries[] {
  return data.result.map(({ metric, value, values }) => ({
    labels: metric,
    points: (values ?? (value ? [value] : [])).map(([time, text]) => ({
      time: Math.round(time * 1000),
      value: Number(text),
    })),
  }));
}

/** Seconds with three digits, without the error of a division. */
const seconds = (ms: number) =>
  `${Math.floor(ms / 1000)}.${String(ms - Math.floor(ms / 1000) * 1000).padStart(3, '0')}`;

/** To what lists series, 0 would mean the last five minutes. */
const sinceSeconds = (ms: number) => seconds(Math.max(1000, ms));

const shortened = (text: string) => text.replace(/\s+/g, ' ').slice(0, 300);

/** `fetch failed` alone says nothing; why is in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no complete answer within ${deadlineMs} ms`;
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
