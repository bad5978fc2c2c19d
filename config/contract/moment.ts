import { z } from 'zod';

/** The last millisecond of the year 9999: after it, a date is no longer four digits long, and calendars run into their bounds. */
const lastMoment = 253_402_300_799_999;
const wanted = 'must be milliseconds since 1970, at most the end of the year 9999';

/** A moment, milliseconds since 1970, as it is taken in: one that every calendar can write down. */
export const Moment = z.int(wanted).min(0, wanted).max(lastMoment, wanted);
/** The same in the query of a URL. */
export const MomentInQuery = z.coerce.number(wanted).pipe(Moment);
