import { z } from 'zod';

/** POST /api/sign-in-ways/leave: where the browser has to go to be signed out there too; null: nowhere. */
export const SignInLeave = z.strictObject({ url: z.string().nullable() });
