// The parts of net-snmp that session.ts uses; the package brings no types.
declare module 'net-snmp' {
  import type { EventEmitter } from 'node:events';

  export interface User {
    name: string;
    level: number;
    authProtocol?: number;
    authKey?: string;
    privProtocol?: number;
    privKey?: string;
  }

  export interface SessionOptions {
    version?: number;
    port?: number;
    timeout?: number;
    retries?: number;
    backoff?: number;
    context?: string;
    transport?: string;
    dgramModule?: { createSocket(type: string): EventEmitter };
  }

  export interface Varbind {
    oid: string;
    type: number;
    value: unknown;
  }

  export interface Session extends EventEmitter {
    /** Set once the engine is discovered (SNMPv3). */
    readonly msgSecurityParameters?: {
      readonly msgAuthoritativeEngineID: Buffer;
      readonly msgAuthoritativeEngineBoots: number;
      readonly msgAuthoritativeEngineTime: number;
    };
    getEngineTime(): { engineBoots: number; engineTime: number } | null;
    get(oids: string[], callback: (error: Error | null, varbinds: Varbind[]) => void): void;
    getNext(oids: string[], callback: (error: Error | null, varbinds: Varbind[]) => void): void;
    getBulk(
      oids: string[],
      nonRepeaters: number,
      maxRepetitions: number,
      callback: (error: Error | null, varbinds: (Varbind | Varbind[])[]) => void,
    ): void;
    set(varbinds: Varbind[], callback: (error: Error | null, varbinds: Varbind[]) => void): void;
    close(): void;
  }

  interface NetSnmp {
    createSession(target: string, community: string, options: SessionOptions): Session;
    createV3Session(target: string, user: User, options: SessionOptions): Session;
    readonly ObjectType: Readonly<Record<string, number>>;
    readonly Version1: number;
    readonly Version2c: number;
    readonly Version3: number;
    readonly SecurityLevel: Readonly<Record<'noAuthNoPriv' | 'authNoPriv' | 'authPriv', number>>;
    readonly AuthProtocols: Readonly<Record<string, number>>;
    readonly PrivProtocols: Readonly<Record<string, number>>;
    readonly ResponseInvalidCode: Readonly<Record<string, number>>;
    readonly Authentication: {
      passwordToKey(protocol: number, password: string | Buffer, engineId: Buffer): Buffer;
    };
    readonly Encryption: Readonly<
      Record<
        'generateLocalizedKey' | 'generateLocalizedKeyBlumenthal' | 'generateLocalizedKeyReeder',
        (algorithm: { KEY_LENGTH: number }, auth: number, password: string, engineId: Buffer) => Buffer
      >
    >;
    readonly RequestTimedOutError: new (message: string) => Error;
    readonly ResponseInvalidError: new (
      message: string,
      code: number,
      info?: unknown,
    ) => Error & {
      code: number;
    };
  }

  const netSnmp: NetSnmp;
  export default netSnmp;
}
