import { FoundByAgent } from '@rackhaus/config/contract';
import { z } from 'zod';

/** What a device said when it last answered SNMP. */
export type Said = NonNullable<FoundByAgent['said']>;

const Kept = FoundByAgent.shape.said;
const Texts = z.array(z.string());
const Ids = z.array(z.int());
const Tried = FoundByAgent.shape.tried;

/** @throws Error on a row that was damaged */
export function readSaid(json: string | null): Said | null {
  return json === null ? null : Kept.parse(JSON.parse(json));
}

export function readTexts(json: string): string[] {
  return Texts.parse(JSON.parse(json));
}

export function readIds(json: string): number[] {
  return Ids.parse(JSON.parse(json));
}

export function readTried(json: string): FoundByAgent['tried'] {
  return Tried.parse(JSON.parse(json));
}
