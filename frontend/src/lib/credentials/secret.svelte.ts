import { SnmpCredentials } from '@rackhaus/config/contract';
import { m } from '../paraglide/messages.js';

/** What somebody types of a set of SNMP credentials. */
export class SecretDraft {
  version: '2c' | '3' = $state('2c');
  community = $state('');
  user = $state('');
  authProtocol = $state('');
  authKey = $state('');
  privProtocol = $state('');
  privKey = $state('');

  /** By field, what is wrong in a sentence. */
  get errors(): Readonly<Record<string, string>> {
    if (this.version === '2c') return this.community === '' ? { community: m.cred_missing() } : {};
    const errors: Record<string, string> = {};
    if (this.user === '') errors.user = m.cred_missing();
    if (this.authProtocol !== '' && this.authKey.length < 8) errors.authKey = m.cred_short();
    if (this.privProtocol !== '' && this.privKey.length < 8) errors.privKey = m.cred_short();
    if (this.privProtocol !== '' && this.authProtocol === '') errors.privProtocol = m.cred_priv_needs_auth();
    return errors;
  }

  /** The credentials; null as long as something is wrong. */
  get value(): SnmpCredentials | null {
    if (Object.keys(this.errors).length > 0) return null;
    const parsed = SnmpCredentials.safeParse(
      this.version === '2c'
        ? { version: '2c', community: this.community }
        : {
            version: '3',
            user: this.user,
            ...(this.authProtocol === '' ? {} : { auth: { protocol: this.authProtocol, key: this.authKey } }),
            ...(this.privProtocol === '' ? {} : { priv: { protocol: this.privProtocol, key: this.privKey } }),
          },
    );
    return parsed.success ? parsed.data : null;
  }
}
