/** A time for a field in which date and clock are chosen (this browser's time zone); "" for none. */
export function toField(time: number | null): string {
  if (time === null) return '';
  const at = new Date(time);
  return new Date(time - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What was chosen there, in milliseconds; null for none. */
export function fromField(text: string): number | null {
  const time = new Date(text).getTime();
  return text === '' || Number.isNaN(time) ? null : time;
}
