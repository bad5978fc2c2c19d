import { AppError } from '../problem.ts';

/**
 * A connection that this server does not make, because of where it would lead. Says so for people; `network` is what an
 * administrator would have to allow.
 */
export class OutgoingRefused extends AppError {
  readonly network: string | null;
  constructor(message: string, network: string | null, path: string) {
    super('invalid', message, [{ path, message }], {
      reason: network === null ? 'outgoing-address' : 'outgoing-refused',
      ...(network === null ? {} : { network }),
    });
    this.name = 'OutgoingRefused';
    this.network = network;
  }
}
