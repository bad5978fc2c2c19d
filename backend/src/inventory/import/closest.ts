/** The most similar of some names, for "did you mean"; null when none is similar. */
export function closest(value: string, names: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(value.length / 3)) + 1;
  let looked = 0;
  for (const name of names) {
    // Enough to find a slip of the finger, bounded where there are hundreds of thousands.
    if (++looked > 5000) break;
    if (Math.abs(name.length - value.length) >= least) continue;
    const distance = editDistance(value.toLowerCase(), name.toLowerCase());
    if (distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(
        Math.min(
          (row[j - 1] ?? 0) + 1,
          (previous[j] ?? 0) + 1,
          (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    previous = row;
  }
  return previous[b.length] ?? 0;
}
