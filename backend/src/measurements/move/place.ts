import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StoreSettings } from '../index.ts';

/** Names and passwords that a place on the command line leaves out, because everybody can read the list of processes. */
export interface Logins {
  readonly influx: { readonly user?: string; readonly password?: string };
  readonly victoria: { readonly user?: string; readonly password?: string };
}

export const placeForms = 'embedded:FILE, influx:URL/DATABASE, victoria:URL or victoria:URL#ACCOUNT';

/**
 * The store that a place on the command line names: `embedded:data/rackhaus/measurements.sqlite`,
 * `influx:http://127.0.0.1:8086/rackhaus`, `victoria:http://127.0.0.1:8428`, or with the tenant of a cluster
 * `victoria:http://proxy:8427#0`. `option` is how it was given. @throws Error that says what is wrong and what would be right
 */
export function placeOf(option: string, text: string, logins: Logins): StoreSettings {
  const [kind = '', rest = ''] = splitAt(text, ':');
  if (kind === 'embedded' && rest !== '') return { store: 'embedded', file: resolve(rest) };
  if (kind === 'influx') {
    const url = urlOf(rest);
    const [path = '', database = ''] = splitAtLast(url?.pathname ?? '', '/');
    if (!url || !/^[A-Za-z0-9_.-]+$/.test(database))
      throw new Error(`${option} ${text}: must be like influx:http://127.0.0.1:8086/rackhaus`);
    return { store: 'influx', url: url.origin + path, database, ...logins.influx };
  }
  if (kind === 'victoria') {
    const url = urlOf(rest);
    const account = url?.hash.slice(1) ?? '';
    if (!url || (account !== '' && !/^\d+(:\d+)?$/.test(account)))
      throw new Error(
        `${option} ${text}: must be like victoria:http://127.0.0.1:8428, or victoria:http://proxy:8427#0 for a cluster`,
      );
    return {
      store: 'victoria',
      url: url.origin + (url.pathname === '/' ? '' : url.pathname),
      ...(account === '' ? {} : { account }),
      ...logins.victoria,
    };
  }
  throw new Error(`${option} ${text}: must be one of ${placeForms}`);
}

/** A text that names a store in messages and in the note of how far a move has come; without secrets. */
export function nameOf(settings: StoreSettings): string {
  if (settings.store === 'embedded') return `embedded:${settings.file}`;
  if (settings.store === 'influx') return `influx:${settings.url}/${settings.database}`;
  return `victoria:${settings.url}${settings.account === undefined ? '' : `#${settings.account}`}`;
}

/** @throws Error when there is no such file */
export function assertThere(option: string, settings: StoreSettings): void {
  if (settings.store === 'embedded' && !existsSync(settings.file))
    throw new Error(`${option} ${nameOf(settings)}: there is no such file`);
}

function urlOf(text: string): URL | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username === '' && url.password === '' && url.search === '' ? url : undefined;
}

function splitAt(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}

function splitAtLast(text: string, mark: string): string[] {
  const at = text.lastIndexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + mark.length)];
}
