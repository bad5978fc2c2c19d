import type { Point } from './points.ts';

/**
 * For tests: line protocol once more, slowly and by other means, from InfluxData's reference (docs.influxdata.com, "Line protocol"):
 * expressions over text instead of a walk over bytes. One line, without line breaks in strings, times in milliseconds.
 * @returns null when it is not line protocol
 */
export function referencePoint(line: string, now: number): Point | null {
  const name = String.raw`(?:\\[,= ]|\\(?![,= ])|[^,= \n\\])+`;
  const measurement = String.raw`(?:\\[, ]|\\(?![, ])|[^, \n\\])+`;
  const float = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`;
  const value = String.raw`(?:"(?:\\["\\]|[^"\n])*"|[tTfF]|true|True|TRUE|false|False|FALSE|[+-]?\d+i|\d+u|${float})`;
  const field = `${name}=${value}`;
  const tag = `${name}=${name}`;
  const whole = new RegExp(
    String.raw`^ *(${measurement})((?:,${tag})*) +(${field}(?:,${field})*)(?: +(-?\d+))? *\r?$`,
  ).exec(line);
  if (!whole) return null;
  const [, measured = '', tagText = '', fieldText = '', time] = whole;
  const tags = [...tagText.matchAll(new RegExp(`,(${name})=(${name})`, 'g'))].map(
    ([, key = '', text = '']) => [plain(key), plain(text)] as const,
  );
  if (new Set(tags.map(([key]) => key)).size < tags.length) return null;
  const fields = [...fieldText.matchAll(new RegExp(`(?:^|,)(${name})=(${value})`, 'g'))].map(
    ([, key = '', text = '']) => [plain(key), valueFrom(text)] as const,
  );
  if (fields.some(([, read]) => read === null)) return null;
  if (Math.abs(Number(time ?? 0)) > 8.64e15) return null;
  return {
    measurement: measured.replace(/\\([, ])/g, '$1'),
    tags: Object.fromEntries(tags),
    fields: Object.fromEntries(fields.map(([key, read]) => [key, read ?? 0])),
    time: time === undefined ? now : Number(time) + 0,
  };
}

function plain(text: string): string {
  return text.replace(/\\([,= ])/g, '$1');
}

function valueFrom(text: string): number | string | boolean | null {
  if (text.startsWith('"')) return text.slice(1, -1).replace(/\\(["\\])/g, '$1');
  if (/^[tT]/.test(text)) return true;
  if (/^[fF]/.test(text)) return false;
  if (/[iu]$/.test(text)) {
    const whole = BigInt(text.slice(0, -1).replace(/^\+/, ''));
    const fits = text.endsWith('u')
      ? BigInt.asUintN(64, whole) === whole
      : BigInt.asIntN(64, whole) === whole;
    return fits ? Number(whole) : null;
  }
  return Number.isFinite(Number(text)) ? Number(text) : null;
}
