import { searchKey } from '../search-key.ts';

/** Ground floor, first floor, cellar: each in one form. */
function floorKey(name: string): string {
  const key = searchKey(name).replaceAll(/[^a-z0-9]/g, '');
  if (/^(eg|erdgeschoss|parterre|ground(floor)?|0)$/.test(key)) return '0';
  if (/^(dg|dachgeschoss|dach|attic)$/.test(key)) return 'dg';
  const below =
    /^(?:(\d?)(?:ug|untergeschoss|uggeschoss)|(?:ug|u|-)(\d)|keller(?:geschoss)?|kg|basement)$/.exec(key);
  if (below) return `-${below[1] || below[2] || '1'}`;
  const above =
    /^(\d)(?:og|obergeschoss|stock|etage|stockwerk|st|nd|rd|th|stfloor|ndfloor|rdfloor|thfloor)?$/.exec(key);
  const after = /^(?:og|etage|stock|ebene|floor|level)(\d)$/.exec(key);
  return above?.[1] ?? after?.[1] ?? key;
}

/** Whether two names mean the same floor of a building: "EG" and "Erdgeschoss", "1. OG" and "1. Stock". */
export const sameFloor = (a: string, b: string) => a === b || floorKey(a) === floorKey(b);
