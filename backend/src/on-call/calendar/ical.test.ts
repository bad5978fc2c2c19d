import { describe, expect, it } from 'vitest';
import { calendarFile } from './ical.ts';

const event = {
  uid: 'rota-1-2-3@rackhaus',
  from: Date.parse('2026-03-23T07:00:00Z'),
  until: Date.parse('2026-03-30T06:00:00Z'),
  summary: 'Bereitschaft IT: Jörg; Brandt, „ÄÖÜäöüß“ und noch mehr Wörter, damit die Zeile lang wird',
  description: 'erste\nzweite\\dritte',
};

describe('a calendar', () => {
  const file = calendarFile('Bereitschaft', [event], Date.parse('2026-03-01T12:00:00.123Z'));

  it('has lines of at most 75 octets that end with CRLF, and tears no character', () => {
    expect(file.endsWith('END:VCALENDAR\r\n')).toBe(true);
    const lines = file.split('\r\n');
    for (const line of lines) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(line).not.toMatch(/[\r\n\uFFFD]/);
    }
    expect(file.replaceAll('\r\n ', '')).toContain(
      'SUMMARY:Bereitschaft IT: Jörg\\; Brandt\\, „ÄÖÜäöüß“ und noch mehr Wörter\\, damit die Zeile lang wird\r\n',
    );
  });

  it('names times in UTC and escapes text', () => {
    expect(file).toContain('DTSTART:20260323T070000Z\r\n');
    expect(file).toContain('DTEND:20260330T060000Z\r\n');
    expect(file).toContain('DTSTAMP:20260301T120000Z\r\n');
    expect(file).toContain('DESCRIPTION:erste\\nzweite\\\\dritte\r\n');
  });
});
