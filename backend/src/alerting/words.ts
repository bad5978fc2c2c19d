import type { BilingualText, Condition, IncidentCause } from '@rackhaus/config/contract';

/** What is said of a device of which nothing is heard, because who asks it is gone. */
export function silentCondition(about: {
  deviceId: number;
  name: string;
  place: string;
  roomId: number | null;
  since: number;
}): Condition {
  const { deviceId, name, place, roomId, since } = about;
  return {
    id: silentId(deviceId),
    rule: silentRule,
    deviceId,
    deviceName: name,
    place,
    roomId,
    entity: '',
    severity: 'warning',
    title: { de: `${name}: keine Messwerte`, en: `${name}: no readings` },
    advice: {
      de: 'Wie es dem Gerät geht, ist bis dahin unbekannt.',
      en: 'How the device is doing is unknown until then.',
    },
    since,
  };
}
export const silentRule = 'no-readings';
export const silentId = (deviceId: number) => `${deviceId}/${silentRule}/`;

/** A title for a cause that no condition names by itself. */
export function titleOf({ kind, name, linkLabel }: IncidentCause): BilingualText {
  switch (kind) {
    case 'link': {
      const label = linkLabel ?? name;
      return { de: `Verbindung unterbrochen: ${label}`, en: `Connection broken: ${label}` };
    }
    case 'power':
      return { de: `Kein Strom über ${name}`, en: `No power from ${name}` };
    case 'mains':
      return { de: `Netzspannung fehlt: ${name}`, en: `Mains power missing: ${name}` };
    case 'agent':
      return { de: `${name}: Netz vom Agenten aus gestört`, en: `${name}: the agent is cut off` };
    default:
      return { de: `${name} ausgefallen`, en: `${name} has failed` };
  }
}

export function adviceOf({ kind }: IncidentCause): BilingualText {
  switch (kind) {
    case 'link':
      return {
        de: 'Bitte das Kabel, beide Stecker und die Gegenstelle prüfen.',
        en: 'Please check the cable, both plugs and the far end.',
      };
    case 'power':
      return {
        de: 'Bitte Sicherung, Einspeisung und Netzkabel prüfen. Was daran hängt, ist ohne Strom.',
        en: 'Please check the breaker, the feed and the power cord. What hangs on it has no power.',
      };
    case 'mains':
      return {
        de: 'Bitte Sicherungen und Einspeisung prüfen; wie lange die Batterien halten, steht bei den USV.',
        en: 'Please check breakers and the feed; the UPS show how long their batteries will last.',
      };
    case 'agent':
      return {
        de: 'Bitte prüfen, ob der Agent läuft und ob sein Anschluss an das Netz in Ordnung ist.',
        en: 'Please check that the agent runs and that its own connection to the network is well.',
      };
    default:
      return {
        de: 'Bitte Stromversorgung und Netzkabel prüfen und das Gerät ansehen.',
        en: 'Please check its power and its network cable, and look at the device.',
      };
  }
}

/** Where an incident went that turned out to be part of another one. */
export function partOf({ title }: { readonly title: BilingualText }): BilingualText {
  return { de: `Gehört jetzt zu: ${title.de}`, en: `Now part of: ${title.en}` };
}

const shown = 5;
/** Names for people: the first few, and how many more there are. */
export function namesOf(conditions: Iterable<Pick<Condition, 'deviceName'>>): string {
  const names = [...new Set(Array.from(conditions, ({ deviceName }) => deviceName))];
  const rest = names.length - shown;
  return `${names.slice(0, shown).join(', ')}${rest > 0 ? ` + ${rest}` : ''}`;
}
