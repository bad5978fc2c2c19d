import { Secret, TOTP } from 'otpauth';

/** What every app for one-time codes understands (RFC 6238, and the defaults of the otpauth: address). */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Clocks differ: the code before and the one after count too. */
const windowSteps = 1;
/** RFC 4226 asks for 160 bits. */
const secretBytes = 20;

/** A new secret in base32, as people type it into an app. */
export function newOneTimeSecret(): string {
  return new Secret({ size: secretBytes }).base32;
}

/** The address that is in the QR code. */
export function oneTimeAddress(secret: string, account: string, issuer: string): string {
  return new TOTP({ ...form, secret, label: account, issuer }).toString();
}

/** The time step whose code this is; null when it is none of those that count at this moment. */
export function stepOfCode(secret: string, code: string, now: number): number | null {
  const delta = TOTP.validate({
    ...form,
    secret: Secret.fromBase32(secret),
    token: code,
    timestamp: now,
    window: windowSteps,
  });
  return delta === null ? null : TOTP.counter({ period: form.period, timestamp: now }) + delta;
}

/** The code of a moment. For tests and programs that sign in. */
export function codeAt(secret: string, now: number): string {
  return TOTP.generate({ ...form, secret: Secret.fromBase32(secret), timestamp: now });
}
