/** A 32-bit number that belongs to a text: the seed of whatever the text names (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return mixed(hash);
}

/** 0..1, the same for the same seed and number. */
export function chance(seed: number, number: number): number {
  return mixed(Math.imul(number | 0, 0x9e3779b1) ^ seed) / 0x100000000;
}

/** Smooth noise around 0 (-1..1) that needs about `periodS` seconds from one turn to the next. */
export function wander(seed: number, timeMs: number, periodS: number): number {
  const place = timeMs / (periodS * 1000);
  const left = Math.floor(place);
  const part = place - left;
  const smooth = part * part * (3 - 2 * part);
  const from = chance(seed, left % 0x7fffffff);
  const to = chance(seed, (left + 1) % 0x7fffffff);
  return (from + (to - from) * smooth) * 2 - 1;
}

/** Finaliser of MurmurHash3: every bit of the input changes half of the output's. */
function mixed(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
