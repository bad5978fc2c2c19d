import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../app.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
);

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}
function ratio(name: string, ground: string, theme: 'light' | 'dark'): number {
  const [text, under] = [tokens.get(name), tokens.get(ground)];
  if (!text || !under) throw new Error(`${name} or ${ground} is no token`);
  return contrast(text[theme], under[theme]);
}

const grounds = ['background', 'panel', 'selected'];
const states = ['ok', 'warning', 'critical', 'unknown'];
const texts: [name: string, ground: string][] = [
  ...['ink', 'muted', 'accent', ...states].flatMap((name) =>
    grounds.map((ground): [string, string] => [name, ground]),
  ),
  ...states.flatMap((name): [string, string][] => [
    [name, `${name}-ground`],
    ['ink', `${name}-ground`],
    ['muted', `${name}-ground`],
  ]),
  ['on-accent', 'accent'],
  ['face-ink', 'face'],
  ['face-muted', 'face'],
  ['rack-number', 'rack'],
  ['display-ink', 'display'],
  ['display-warning', 'display'],
];
/** What has to be told apart without being text (WCAG 1.4.11). */
const shapes: [name: string, ground: string][] = [
  ['line-strong', 'panel'],
  ['focus', 'background'],
  ['port-edge', 'face'],
  ['port-up', 'face'],
  ['port-filled', 'face'],
  ['port-fault', 'face'],
  ...['1', '2', '3', '4', '5', '6'].map((n): [string, string] => [`series-${n}`, 'panel']),
];

describe.each(['light', 'dark'] as const)('colours, %s', (theme) => {
  it.each(texts)('%s on %s can be read', (name, ground) => {
    expect(ratio(name, ground, theme)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(shapes)('%s on %s can be seen', (name, ground) => {
    expect(ratio(name, ground, theme)).toBeGreaterThanOrEqual(3);
  });
});
