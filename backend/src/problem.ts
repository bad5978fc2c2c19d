import type { Problem, ProblemCode } from '@rackhaus/config/contract';

/** The one error type that a route may answer with: its message is safe and useful for people. All else is "internal". */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly fields: Problem['fields'];
  /** Sent as Retry-After: when it is worth trying again. */
  readonly retryAfterSeconds: number | undefined;
  constructor(
    code: ProblemCode,
    message: string,
    fields?: Problem['fields'],
    retry?: { readonly afterSeconds: number },
  ) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.fields = fields;
    this.retryAfterSeconds = retry?.afterSeconds;
  }
}
