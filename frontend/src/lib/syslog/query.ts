/** Spans of time that can be chosen. */
export const spans = ['1h', '24h', '7d', '30d', 'all'] as const;
type Span = (typeof spans)[number];

const hourMs = 3_600_000;
const spanMs: Readonly<Record<Span, number>> = {
  '1h': hourMs,
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
  all: 400 * 24 * hourMs,
};

/** What of the messages is shown, as it stands in the address of the page. */
export interface MessageQuery {
  readonly text: string;
  readonly device: number | null;
  readonly unknown: boolean;
  readonly severity: number | null;
  readonly span: Span;
}

/** Reads the page's address, also a senseless one. */
export function queryOf(params: URLSearchParams): MessageQuery {
  const device = params.get('device') ?? '';
  const severity = params.get('severity') ?? '';
  return {
    text: (params.get('text') ?? '').slice(0, 300),
    device: /^[1-9]\d{0,14}$/.test(device) ? Number(device) : null,
    unknown: params.get('of') === 'unknown',
    severity: /^[0-7]$/.test(severity) ? Number(severity) : null,
    span: spans.find((span) => span === params.get('span')) ?? '24h',
  };
}

/** The page's address without its path; empty where nothing is chosen. */
export function writeQuery(query: MessageQuery): string {
  const parameters = common(query);
  if (query.span !== '24h') parameters.set('span', query.span);
  return parameters.size === 0 ? '' : `?${parameters}`;
}

/**
 * What the server is asked.
 * @param whole with both ends of the span, for the bars
 */
export function parametersOf(query: MessageQuery, now: number, whole = false): URLSearchParams {
  const parameters = common(query);
  if (query.span !== 'all' || whole) parameters.set('from', String(Math.round(now - spanMs[query.span])));
  if (whole) parameters.set('to', String(Math.round(now) + 1));
  return parameters;
}

function common({ text, device, unknown, severity }: MessageQuery): URLSearchParams {
  const parameters = new URLSearchParams();
  if (text.trim() !== '') parameters.set('text', text.trim());
  if (device !== null) parameters.set('device', String(device));
  if (unknown) parameters.set('of', 'unknown');
  if (severity !== null) parameters.set('severity', String(severity));
  return parameters;
}
