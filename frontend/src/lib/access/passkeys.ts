import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import { z } from 'zod';

const Known = z.object({
  id: z.string(),
  type: z.literal('public-key'),
  transports: z.array(z.string()).default([]),
});
/** As the backend makes them (WebAuthn, PublicKeyCredentialCreationOptionsJSON). */
const MakeOptions = z.object({
  rp: z.object({ id: z.string(), name: z.string() }),
  user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
  challenge: z.string(),
  pubKeyCredParams: z.array(z.object({ alg: z.number(), type: z.literal('public-key') })),
  timeout: z.number(),
  excludeCredentials: z.array(Known),
});
/** PublicKeyCredentialRequestOptionsJSON */
const UseOptions = z.object({
  rpId: z.string(),
  challenge: z.string(),
  timeout: z.number(),
  allowCredentials: z.array(Known).default([]),
  userVerification: z.enum(['required', 'preferred']),
});

/** The person has put the browser's dialog away, or there was nothing to choose from. */
export class PasskeyGivenUp extends Error {}

/** Whether this browser has passkeys for this address: they belong to a name, not to a number, and need https. */
export function passkeysWork(): boolean {
  return (
    window.isSecureContext && browserSupportsWebAuthn() && !/^[\d.]+$|^\[/.test(window.location.hostname)
  );
}

/** Opens the browser's dialog that makes a passkey. Returns what is to be sent. @throws PasskeyGivenUp */
export async function makePasskey(options: unknown): Promise<unknown> {
  const optionsJSON = MakeOptions.parse(options);
  return orGivenUp(() =>
    startRegistration({
      optionsJSON: {
        ...optionsJSON,
        attestation: 'none',
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      },
    }),
  );
}

/** Opens the browser's dialog that uses one. Returns what is to be sent. @throws PasskeyGivenUp */
export async function usePasskey(options: unknown): Promise<unknown> {
  const optionsJSON = UseOptions.parse(options);
  return orGivenUp(() => startAuthentication({ optionsJSON }));
}

async function orGivenUp<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const given =
      error instanceof WebAuthnError || (error instanceof DOMException && error.name !== 'SyntaxError');
    if (given) throw new PasskeyGivenUp(error.message, { cause: error });
    throw error;
  }
}
