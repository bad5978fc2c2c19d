/**
 * Why a device could not be asked. `timeout`: no usable answer in time; `refused`: it answered that user, key or
 * security level are wrong; `network`: the datagram could not be sent or the name is unknown; `closed`: the session
 * was closed meanwhile.
 */
export type SnmpErrorCode = 'timeout' | 'refused' | 'network' | 'closed';

/** The one error of this folder; its message is meant for people. */
export class SnmpError extends Error {
  readonly code: SnmpErrorCode;
  constructor(code: SnmpErrorCode, message: string) {
    super(message);
    this.name = 'SnmpError';
    this.code = code;
  }
}
