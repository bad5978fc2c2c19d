import type { PortCard } from '@rackhaus/config/contract';
import { beyond } from '../../access/scope/beyond.ts';
import { optionWord } from '../../inventory/api/export-words.ts';
import { colorWord } from '../exchange/colors.ts';
import type { Place } from './place.ts';
import { type Language, type SheetWords, sheetWords } from './words.ts';
import type { LinkRow } from './world.ts';

/** What ports, places and cables are called on a sheet of a place. */
export class Names {
  readonly language: Language;
  readonly words: SheetWords;
  readonly #place: Place | null;

  constructor(options: { language: Language; place: Place | null }) {
    this.language = options.language;
    this.words = sheetWords[options.language];
    this.#place = options.place;
  }

  /** "A:12", as an import understands it. */
  port(card: PortCard | undefined): string {
    if (card === undefined) return this.words.open;
    return card.owner.name === beyond ? beyond : `${card.owner.name}:${card.name}`;
  }

  /** As {@link port}, and where it is when that is not the same place as `near`. */
  portAwayFrom(card: PortCard | undefined, near: PortCard | undefined): string {
    const name = this.port(card);
    const away = card === undefined ? '' : this.#away(card, near);
    return away === '' ? name : `${name} (${away})`;
  }

  /** "Serverraum · Schrank 1": what of the place has to be said on this sheet. */
  spot(card: PortCard | undefined): string {
    if (card === undefined) return '';
    const { site, building, floor, room, rack } = card.spot;
    const kind = this.#place?.kind;
    const parts = [
      kind === undefined ? site : null,
      kind === undefined || kind === 'site' ? building : null,
      kind === undefined || kind === 'site' || kind === 'building' ? floor : null,
      kind === 'room' || kind === 'rack' ? null : room,
      kind === 'rack' ? null : rack,
    ];
    return [...new Set(parts.flatMap((part) => (part === null ? [] : [part.name])))].join(' · ');
  }

  /** "A:12 (Serverraum, Schrank 1, HE 42)", or as much of it as the sheet's own place leaves open. */
  ends(cards: readonly PortCard[]): string {
    if (cards.length === 0) return this.words.open;
    const said = cards.map((card) => {
      const { room, rack, position } = card.spot;
      const inRack = this.#place?.kind === 'rack' && this.#place.id === rack?.id;
      const inRoom = inRack || (this.#place?.kind === 'room' && this.#place.id === room?.id);
      const parts = [
        inRoom ? undefined : room?.name,
        inRack ? undefined : rack?.name,
        rack === null || position === null ? undefined : this.words.unit(this.unit(position)),
      ].filter((part) => part !== undefined);
      return parts.length === 0 ? this.port(card) : `${this.port(card)} (${parts.join(', ')})`;
    });
    return said.join(', ');
  }

  /** Without a word of what stands there: panels and outlets by name, else where in the rack it is. */
  neutral(card: PortCard | undefined, near: PortCard | undefined): string {
    if (card === undefined) return this.words.open;
    const { rack, floor, position } = card.spot;
    const elsewhere = rack !== null && rack.id !== near?.spot.rack?.id ? `${rack.name}, ` : '';
    if (card.owner.kind === 'outlet')
      return floor === null ? this.port(card) : `${this.port(card)} (${floor.name})`;
    if (card.owner.role === 'panel') return `${elsewhere}${this.port(card)}`;
    if (rack === null || position === null)
      return floor === null ? this.words.terminal : `${this.words.terminal} (${floor.name})`;
    return `${elsewhere}${this.words.unit(this.unit(position))}:${card.name}`;
  }

  unit(position: number): string {
    return this.language === 'de' ? String(position).replace('.', ',') : String(position);
  }

  kind(link: LinkRow): string {
    return optionWord('link', 'kind', link.kind, this.language);
  }
  medium(link: LinkRow): string {
    return link.medium === null ? '' : optionWord('link', 'medium', link.medium, this.language);
  }
  status(link: LinkRow): string {
    return optionWord('link', 'status', link.status, this.language);
  }
  color(link: LinkRow): string {
    return colorWord(link.color, this.language);
  }
  /** The line of a provider is known by the provider's number. */
  label(link: LinkRow): string {
    return link.label !== '' ? link.label : (link.circuit ?? '');
  }

  #away(card: PortCard, near: PortCard | undefined): string {
    const { room, rack } = card.spot;
    if (rack !== null && rack.id === near?.spot.rack?.id) return '';
    if (room !== null && room.id === near?.spot.room?.id) return rack?.name ?? '';
    return [room?.name, rack?.name].filter((part) => part !== undefined).join(', ');
  }
}
