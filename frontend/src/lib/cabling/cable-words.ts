import type { CableCard, PortCard, PortSpot } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';
import { getLocale } from '../paraglide/runtime.js';
import { linkKinds, linkMedia, linkStatuses } from '../records/option-names.ts';

export { remarkSentence } from './remark-words.ts';

/** "Patchkabel", "verlegtes Kabel". */
export function cableKind(kind: CableCard['kind']): string {
  return linkKinds[kind]();
}
/** "Cat. 6A"; "" where it is not known. */
export function mediumName(medium: CableCard['medium']): string {
  return medium === null ? '' : linkMedia[medium]();
}
export function cableStatus(status: CableCard['status']): string {
  return linkStatuses[status]();
}

const colors: Readonly<Record<string, { readonly say: () => string; readonly css: string }>> = {
  black: { say: m.cable_color_black, css: '#222529' },
  white: { say: m.cable_color_white, css: '#f7f7f5' },
  grey: { say: m.cable_color_grey, css: '#8d949b' },
  blue: { say: m.cable_color_blue, css: '#2266c9' },
  turquoise: { say: m.cable_color_turquoise, css: '#19a7a4' },
  green: { say: m.cable_color_green, css: '#2f9a46' },
  yellow: { say: m.cable_color_yellow, css: '#eec51d' },
  orange: { say: m.cable_color_orange, css: '#e8822a' },
  red: { say: m.cable_color_red, css: '#cf3a36' },
  pink: { say: m.cable_color_pink, css: '#dd79a8' },
  violet: { say: m.cable_color_violet, css: '#8455bd' },
  brown: { say: m.cable_color_brown, css: '#84593a' },
};
/** Colours that are offered, in the order in which they are shown. Another one may be typed. */
export const cableColors: readonly string[] = Object.keys(colors);

/** "gelb" for `yellow`; what is not one of {@link cableColors} is said as it was typed. */
export function colorName(color: string | null): string {
  return color === null ? '' : (colors[color]?.say() ?? color);
}
/** The colour as CSS knows it, null for what is none: "#0af" and what is offered. */
export function colorCss(color: string | null): string | null {
  if (color === null) return null;
  return colors[color]?.css ?? (/^#[0-9a-f]{3}([0-9a-f]{3})?$/i.test(color) ? color : null);
}

/** "2,5 m" in the language of the interface; "" where it is not known. */
export function lengthText(lengthM: number | null): string {
  return lengthM === null ? '' : `${localNumber(lengthM)}\u00a0m`;
}

/** "Patchkabel K-0231", "Stromkabel ohne Beschriftung". */
export function cableName(cable: Pick<CableCard, 'kind' | 'label'>): string {
  const kind = cableKind(cable.kind);
  return cable.label === '' ? m.cable_unlabelled({ kind }) : `${kind} ${cable.label}`;
}

/** "Patchkabel K-0231, Cat. 6A, gelb, 2 m". */
export function cableSentence(
  cable: Pick<CableCard, 'kind' | 'label' | 'medium' | 'color' | 'lengthM'>,
): string {
  return [cableName(cable), mediumName(cable.medium), colorName(cable.color), lengthText(cable.lengthM)]
    .filter((part) => part !== '')
    .join(', ');
}

/** "panel-a 7", "Dose 2.14-1": what a port is called where its place is said beside it. */
export function portName(port: Pick<PortCard, 'name' | 'owner'>): string {
  return port.owner.kind === 'outlet'
    ? m.cable_port_of_outlet({ outlet: port.owner.name, port: port.name })
    : m.cable_port_of_device({ device: port.owner.name, port: port.name });
}

/** "Serverraum neu, Schrank 3, HE 12"; as short as it can be. */
export function spotText(spot: PortSpot): string {
  const parts = [spot.room?.name, spot.rack?.name].filter((part) => part !== undefined);
  if (spot.rack !== null && spot.position !== null) parts.push(m.units({ units: String(spot.position) }));
  return parts.join(', ');
}

/** A number as the language of the interface writes it. */
export function localNumber(value: number): string {
  return new Intl.NumberFormat(getLocale() === 'de' ? 'de-DE' : 'en-GB', {
    maximumFractionDigits: 2,
  }).format(value);
}
