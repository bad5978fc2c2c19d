import { BilingualText, NoticeKind, Severity } from '@rackhaus/config/contract';
import { z } from 'zod';

/** What is said in a message, before a channel gives it its form. Cause and place come first. */
export const Message = z.strictObject({
  notice: NoticeKind,
  incidentId: z.int().nullable(),
  severity: Severity,
  /** "core-1 antwortet nicht". */
  title: BilingualText,
  place: z.string(),
  /** What hangs on it, in a few words: "23 Geräte, Telefonie betroffen"; empty: nothing. */
  effect: z.strictObject({ de: z.string(), en: z.string() }),
  /** Of tests, drills and summaries: what else there is to say. */
  text: BilingualText.nullable(),
  since: z.number(),
  time: z.number(),
  /** Where to acknowledge; null: nothing to acknowledge, or no address of this server is known. */
  link: z.string().nullable(),
  /** What an answer names, "K7"; null: it cannot be answered. */
  replyCode: z.string().nullable(),
  drill: z.boolean(),
});
export type Message = z.infer<typeof Message>;
