import type { Problem, ProblemCode } from '@rackhaus/config/contract';

/** What an error tells besides its message; see Problem in the contract. */
export interface ProblemDetails {
  /** Sent as Retry-After: when it is worth trying again. */
  readonly afterSeconds?: number;
  /** A word for programs by which a screen finds its own sentence, e.g. `taken`. */
  readonly reason?: string;
  /** See Problem in the contract. */
  readonly network?: string;
  readonly blocking?: NonNullable<Problem['blocking']>;
  readonly current?: NonNullable<Problem['current']>;
}

/** The one error type that a route may answer with: its message is safe and useful for people. All else is "internal". */
export class AppError extends Error {
  readonly code: ProblemCode;
  readonly fields: Problem['fields'];
  readonly details: ProblemDetails;
  constructor(code: ProblemCode, message: string, fields?: Problem['fields'], details: ProblemDetails = {}) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.fields = fields;
    this.details = details;
  }
}
