/** Metres as somebody types them, with a comma or a point; null for what is no length that a cable can have. */
export function metresOf(text: string): number | null {
  const trimmed = text.trim().replace(/\s*m$/i, '');
  if (!/^\d{1,6}([.,]\d{1,3})?$/.test(trimmed)) return null;
  const metres = Number(trimmed.replace(',', '.'));
  return metres >= 0.01 && metres <= 100_000 ? metres : null;
}
