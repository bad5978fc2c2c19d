import type { Structure } from '@rackhaus/config/contract';

/** A place that can be chosen: "rack:3", and its name set in as deep as it lies. */
export interface PlaceOption {
  readonly value: string;
  readonly label: string;
}
export interface PlaceGroup {
  readonly site: string;
  readonly options: readonly PlaceOption[];
}

/** Deeper places stand further in; a select cannot do it otherwise. */
const step = '\u2003';

/** Sites with all that lies in them, in their order. */
export function placeGroups(structure: Structure): PlaceGroup[] {
  return structure.sites.map((site) => {
    const options: PlaceOption[] = [{ value: `site:${site.id}`, label: site.name }];
    const add = (kind: string, { id, name }: { id: number; name: string }, depth: number) =>
      options.push({ value: `${kind}:${id}`, label: `${step.repeat(depth)}${name}` });
    // A building of the site's own name, or the only one, is not a step of its own.
    const several = site.buildings.length > 1;
    for (const building of site.buildings) {
      const depth = several ? 2 : 1;
      if (several) add('building', building, 1);
      for (const floor of building.floors) {
        add('floor', floor, depth);
        for (const room of floor.rooms) {
          add('room', room, depth + 1);
          for (const rack of room.racks) add('rack', rack, depth + 2);
        }
      }
    }
    return { site: site.name, options };
  });
}
