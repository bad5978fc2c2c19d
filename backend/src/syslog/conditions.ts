import type { OwnCondition } from '../alerting/parts.ts';
import type { Severe } from './severe-messages.ts';

/** What devices say that nobody has found otherwise: one incident per device. Those that are gone say nothing. Pure. */
export function severeConditions(
  reported: readonly Severe[],
  places: ReadonlyMap<
    number,
    { readonly name: string; readonly place: string; readonly roomId: number | null }
  >,
): OwnCondition[] {
  return reported.flatMap(({ deviceId, text, since }): OwnCondition[] => {
    const at = places.get(deviceId);
    if (at === undefined) return [];
    return [
      {
        id: String(deviceId),
        severity: 'critical',
        title: { de: `${at.name} meldet: ${text}`, en: `${at.name} says: ${text}` },
        advice: {
          de: 'Das Gerät selbst stuft diese Meldung als kritisch oder schlimmer ein. Alle seine Meldungen stehen auf der Seite „Gerätemeldungen“. Der Vorfall endet, wenn eine halbe Stunde lang keine solche Meldung mehr kommt.',
          en: 'The device itself calls this message critical or worse. All its messages are on the page “Device messages”. The incident ends when no such message has come for half an hour.',
        },
        place: at.place,
        since,
        device: { id: deviceId, name: at.name, roomId: at.roomId },
      },
    ];
  });
}
