import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { AuditTables } from './tables.ts';

export type LogRow = AuditTables['audit_log'];
export type PeopleRow = AuditTables['audit_people'];
export type Gap = Omit<AuditTables['audit_gaps'], 'id'>;

/** The hash before the first row. */
export const beginning = '0'.repeat(64);

export function newSalt(): string {
  return randomBytes(16).toString('base64url');
}

/**
 * What the chain holds of a person: SHA-256 over the salt and who it was. Without the salt nobody can try names out, so deleting
 * salt and names is enough to forget.
 */
export function commitment(people: PeopleRow & { salt: string }): string {
  return createHash('sha256')
    .update(
      JSON.stringify([
        'rackhaus-people-1',
        people.salt,
        people.number,
        people.by_id,
        people.by_name,
        people.address,
        people.subject_id,
        people.subject_name,
      ]),
    )
    .digest('hex');
}

/**
 * The hash of a row: HMAC-SHA-256 over the hash before and all of the row. The key lies outside the database: whoever can write
 * to that alone cannot make a chain that holds. Whoever has the key too can: against them only what has left the machine
 * helps (syslog, exports).
 */
export function rowHash(key: Buffer, row: Omit<LogRow, 'hash'>, before: string): string {
  return createHmac('sha256', key)
    .update(
      JSON.stringify([
        'rackhaus-row-1',
        before,
        row.number,
        row.time,
        row.kind,
        row.action,
        row.outcome,
        row.by_kind,
        row.subject_kind,
        row.subject_id,
        row.subject_name,
        row.detail,
        row.people,
      ]),
    )
    .digest('hex');
}

/** Says that these pseudonyms were put in the place of names. */
export function pseudonymMac(key: Buffer, people: Omit<PeopleRow, 'salt' | 'mac'>): string {
  const { number, by_id, by_name, address, subject_id, subject_name } = people;
  return createHmac('sha256', key)
    .update(
      JSON.stringify(['rackhaus-pseudonym-1', number, by_id, by_name, address, subject_id, subject_name]),
    )
    .digest('hex');
}

/** Says that the rows of a gap were taken out by retention, and between which hashes. */
export function gapMac(key: Buffer, gap: Omit<Gap, 'mac'>): string {
  return createHmac('sha256', key)
    .update(JSON.stringify(['rackhaus-gap-1', gap.first, gap.last, gap.hash_before, gap.hash_last]))
    .digest('hex');
}
