import type { PortCard, RecordKind } from '@rackhaus/config/contract';
import type { ApiProblem } from '../api/api.ts';
import { m } from '../paraglide/messages.js';
import { problemSentence } from '../records/problem-sentence.ts';
import { portName } from './cable-words.ts';

/** Why a cable could not be plugged in there, in the reader's language: most often because another one is in it already. */
export function plugProblem(problem: ApiProblem, kind: RecordKind, port: PortCard): string {
  const occupied = problem.reason === 'taken' && problem.fields[0]?.path === 'portSide';
  return occupied ? m.cable_remark_occupied({ port: portName(port) }) : problemSentence(problem, kind);
}
