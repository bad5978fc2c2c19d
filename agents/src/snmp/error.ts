/**
 * Why a device could not be asked. `timeout`: no usable answer in time; `refused`: it answered that user, key or
 * security level are wrong; `network`: the datagram could not be sent or the name is unknown; `closed`: the session
 * was closed meanwhile.
 */
export type SnmpErrorCode = 'timeout' | 'refused' | 'network' | 'closed';

/** What a device that refused found wrong: security level, user, authentication, privacy, or the rights of the user. */
export type SnmpRefusal = 'level' | 'user' | 'key' | 'privacy' | 'access';

/** The one error of this folder; its message is meant for people. */
export class SnmpError extends Error {
  readonly code: SnmpErrorCode;
  /** With `refused`, where the device says it. */
  readonly refusal: SnmpRefusal | null;
  constructor(code: SnmpErrorCode, message: string, refusal: SnmpRefusal | null = null) {
    super(message);
    this.name = 'SnmpError';
    this.code = code;
    this.refusal = refusal;
  }
}
