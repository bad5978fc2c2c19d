/** What is thought away: one thing at a time. */
export interface Gone {
  readonly kind: 'device' | 'cable';
  readonly id: number;
}

/** What an address asks for: `?device=1` or `?cable=5`. */
export function goneOf(query: URLSearchParams): Gone | null {
  for (const kind of ['device', 'cable'] as const) {
    const id = Number(query.get(kind) ?? '');
    if (Number.isSafeInteger(id) && id > 0) return { kind, id };
  }
  return null;
}

/** The address of the page with the place shown and what is thought away. */
export function addressOf(
  place: { readonly kind: 'site' | 'room'; readonly id: number } | null,
  gone: Gone | null,
): string {
  const query = new URLSearchParams();
  if (place !== null) query.set(place.kind, String(place.id));
  if (gone !== null) query.set(gone.kind, String(gone.id));
  return query.size === 0 ? '/power' : `/power?${query}`;
}
