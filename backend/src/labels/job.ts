import { type LabelJob, maxLabels } from '@rackhaus/config/contract';
import type { Database } from '../database/tables.ts';
import { AppError } from '../problem.ts';
import { codeOf, codeUrl } from './codes.ts';
import type { LabelContent } from './label.ts';
import { type Medium, media } from './media.ts';
import { loadSubjects, placeholders, type Subject } from './subjects.ts';
import { checkTemplate, fillTemplate } from './template.ts';

export interface PreparedJob {
  readonly medium: Medium;
  readonly labels: readonly LabelContent[];
}

/**
 * What is to be printed on what.
 * @throws AppError for an unknown medium or placeholder, see {@link loadSubjects} and {@link checkTemplate}
 */
export async function prepareJob(db: Database, job: LabelJob, publicUrl: string): Promise<PreparedJob> {
  const medium = media.get(job.medium);
  if (medium === undefined)
    throw new AppError('invalid', `There is no medium "${job.medium}".`, [
      { path: 'medium', message: 'is not known' },
    ]);
  checkTemplate(job.lines, placeholders[job.selection.kind]);
  const subjects = await loadSubjects(db, job.selection);
  const count = subjects.length * job.copies;
  if (count > maxLabels)
    throw new AppError('too-large', `These are ${count} labels; ${maxLabels} can be printed at once.`);
  const copied = subjects.flatMap((subject) => Array.from({ length: job.copies }, () => subject));
  // Both ends of a cable carry the same number.
  const ends = job.selection.kind === 'link' ? 2 : 1;
  return {
    medium,
    labels: copied.map((subject, index) =>
      content(job, subject, publicUrl, job.firstNumber + Math.floor(index / (ends * job.copies))),
    ),
  };
}

function content(job: LabelJob, subject: Subject, publicUrl: string, number: number): LabelContent {
  return {
    name: subject.name,
    lines: fillTemplate(job.lines, { ...subject.values, n: String(number) }),
    qr: job.withQr ? codeUrl(publicUrl, codeOf(subject.kind, subject.id)) : null,
  };
}
