import type { PasskeyMade, PasskeyUsed } from '@rackhaus/config/contract';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { AppError } from '../../problem.ts';

/** EdDSA, ES256, RS256 (IANA COSE): what every authenticator has one of. */
const algorithms = [-8, -7, -257];

/** For which site passkeys are: they work there and nowhere else. */
export interface PasskeySite {
  /** The host's name (WebAuthn: RP ID). */
  readonly host: string;
  readonly origin: string;
}

/** What is kept of a passkey: all of it public. */
export interface KnownPasskey {
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
}

/** Options for the browser's dialog that makes a passkey. */
export async function optionsToMake(of: {
  site: PasskeySite;
  challenge: string;
  user: { handle: string; name: string };
  known: readonly KnownPasskey[];
}): Promise<Record<string, unknown>> {
  const options = await generateRegistrationOptions({
    rpName: 'Rackhaus',
    rpID: of.site.host,
    userName: of.user.name,
    userDisplayName: of.user.name,
    userID: new Uint8Array(Buffer.from(of.user.handle, 'base64url')),
    challenge: new Uint8Array(Buffer.from(of.challenge, 'base64url')),
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: of.known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
    // Kept in the device itself where it can: it then signs in without a name.
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
  return { ...options };
}

/** Options for the browser's dialog that uses one. `known` empty: whichever the device has for this site. */
export async function optionsToUse(of: {
  site: PasskeySite;
  challenge: string;
  known: readonly KnownPasskey[];
  verified: boolean;
}): Promise<Record<string, unknown>> {
  const options = await generateAuthenticationOptions({
    rpID: of.site.host,
    challenge: new Uint8Array(Buffer.from(of.challenge, 'base64url')),
    allowCredentials: of.known.map(({ credentialId, transports }) => ({
      id: credentialId,
      transports: [...transports],
    })),
    userVerification: of.verified ? 'required' : 'preferred',
  });
  return { ...options };
}

/** Looks at what a browser sent after making a passkey. @throws AppError `invalid` when it does not belong to this site and moment */
export async function madePasskey(
  sent: PasskeyMade,
  site: PasskeySite,
  isOurs: (challenge: string) => boolean,
): Promise<KnownPasskey> {
  const response: RegistrationResponseJSON = {
    id: sent.id,
    rawId: sent.rawId,
    type: sent.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: sent.response.clientDataJSON,
      attestationObject: sent.response.attestationObject,
      ...(sent.response.transports === undefined ? {} : { transports: sent.response.transports }),
    },
  };
  const result = await refusing(() =>
    verifyRegistrationResponse({
      response,
      expectedChallenge: isOurs,
      expectedOrigin: site.origin,
      expectedRPID: site.host,
      requireUserVerification: false,
      supportedAlgorithmIDs: algorithms,
    }),
  );
  if (!result.verified) throw notValid();
  const { credential } = result.registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: credential.transports ?? [],
  };
}

/**
 * Looks at what a browser sent after using a passkey.
 * @returns the new count, and whether the device has checked who holds it (PIN, finger, face)
 * @throws AppError `invalid` when it does not belong to this passkey, site and moment
 */
export async function usedPasskey(
  sent: PasskeyUsed,
  known: KnownPasskey,
  site: PasskeySite,
  isOurs: (challenge: string) => boolean,
  verified: boolean,
): Promise<{ counter: number; verified: boolean }> {
  const { userHandle } = sent.response;
  const response: AuthenticationResponseJSON = {
    id: sent.id,
    rawId: sent.rawId,
    type: sent.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: sent.response.clientDataJSON,
      authenticatorData: sent.response.authenticatorData,
      signature: sent.response.signature,
      ...(userHandle == null ? {} : { userHandle }),
    },
  };
  const result = await refusing(() =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge: isOurs,
      expectedOrigin: site.origin,
      expectedRPID: site.host,
      credential: {
        id: known.credentialId,
        publicKey: new Uint8Array(Buffer.from(known.publicKey, 'base64url')),
        counter: known.counter,
      },
      requireUserVerification: verified,
    }),
  );
  if (!result.verified) throw notValid();
  return { counter: result.authenticationInfo.newCounter, verified: result.authenticationInfo.userVerified };
}

/** The library throws for whatever is not as it should be: all of it comes from the browser. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw notValid(error instanceof Error ? error.message : undefined);
  }
}

function notValid(why?: string): AppError {
  return new AppError(
    'invalid',
    `The passkey was not accepted${why === undefined ? '' : `: ${why}`}.`,
    undefined,
    { reason: 'passkey-refused' },
  );
}
