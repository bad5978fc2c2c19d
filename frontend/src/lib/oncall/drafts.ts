import type { EscalationPlan, RotaLayer, RotaPlan } from '@rackhaus/config/contract';

/** A layer to begin with: the people given, a week each, changing on Monday morning. */
export function newLayer(name: string, from: string, people: number[] = []): RotaLayer {
  return {
    name,
    people,
    from,
    until: null,
    turn: { every: 'week', count: 1, weekday: 1, at: '08:00' },
    hours: null,
    holidays: 'all',
  };
}

/** A rota to begin with: one layer around the clock. */
export function newPlan(layer: string, from: string): RotaPlan {
  return { timeZone: 'Europe/Berlin', holidays: 'DE-NW', layers: [newLayer(layer, from)] };
}

/** An escalation to begin with: the first rota, ten minutes, twice more. */
export function newChain(rotaId: number | undefined): EscalationPlan {
  return {
    severities: null,
    siteIds: null,
    hours: null,
    steps: rotaId === undefined ? [] : [{ to: [{ kind: 'rota', rotaId }], waitMinutes: 10 }],
    repeat: 2,
  };
}

/** States of Germany as in ISO 3166-2. */
export const states = [
  ['DE-BW', 'Baden-Württemberg'],
  ['DE-BY', 'Bayern'],
  ['DE-BE', 'Berlin'],
  ['DE-BB', 'Brandenburg'],
  ['DE-HB', 'Bremen'],
  ['DE-HH', 'Hamburg'],
  ['DE-HE', 'Hessen'],
  ['DE-MV', 'Mecklenburg-Vorpommern'],
  ['DE-NI', 'Niedersachsen'],
  ['DE-NW', 'Nordrhein-Westfalen'],
  ['DE-RP', 'Rheinland-Pfalz'],
  ['DE-SL', 'Saarland'],
  ['DE-SN', 'Sachsen'],
  ['DE-ST', 'Sachsen-Anhalt'],
  ['DE-SH', 'Schleswig-Holstein'],
  ['DE-TH', 'Thüringen'],
] as const;
