import { AppError } from '../problem.ts';
import { commonWords } from './passwords-common.ts';

const product = 'rackhaus';
/** What people put in place of letters. */
const standsFor: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '@': 'a',
  $: 's',
};
/** Keys and letters in their order, in both directions. */
const rows = [
  '01234567890',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertzuiopü',
  'qwertyuiop',
  'asdfghjklöä',
  'yxcvbnm',
  'zxcvbnm',
];
const orders = rows.flatMap((row) => [row, [...row].toReversed().join('')]);
/** So many characters have to remain when all that is easily guessed is taken out. */
const leastOwn = 5;

/**
 * Why a new password is too easily guessed; null when it is not. Its length has been looked at before. Only what is on everybody's
 * list counts: rules about kinds of characters make passwords worse (NIST SP 800-63B, ASVS 6.2).
 */
export function passwordWeakness(password: string, userName: string): 'common' | 'name' | null {
  const text = password.normalize('NFKC').toLowerCase();
  if (new Set(text).size < leastOwn) return 'common';
  const names = [
    product,
    ...userName
      .normalize('NFKC')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u),
  ].filter((part) => part.length >= 3);
  const plain = [text, text.replace(/[01345@$]/g, (sign) => standsFor[sign] ?? sign)];
  for (const spelling of plain) {
    const withoutNames = without(spelling, names);
    if (withoutNames !== spelling && ownCharacters(withoutNames) < leastOwn) return 'name';
    const rest = without(withoutNames, commonWords);
    if (ownCharacters(rest) < leastOwn) return 'common';
  }
  return null;
}

/** @throws AppError `invalid` with the field and a reason: `password-common` or `password-name` */
export function checkNewPassword(password: string, userName: string): void {
  const weakness = passwordWeakness(password, userName);
  if (weakness === null) return;
  const message =
    weakness === 'name'
      ? 'must not be made of the name of the account or of Rackhaus: several words that have nothing to do with each other are better'
      : 'is one that many people use: several words that have nothing to do with each other are better';
  throw new AppError('invalid', `password: ${message}`, [{ path: 'password', message }], {
    reason: `password-${weakness}`,
  });
}

function without(text: string, words: readonly string[]): string {
  return words.reduce((rest, word) => rest.replaceAll(word, ' '), text);
}

/** Letters and digits that are in no order: neither years nor runs of keys nor the same again. */
function ownCharacters(text: string): number {
  const own = text.replaceAll(/(19|20)\d\d/g, ' ').split(/[^\p{L}\p{N}]+/u);
  return own.map((part) => withoutRuns(part)).reduce((sum, part) => sum + new Set(part).size, 0);
}

function withoutRuns(text: string): string {
  let rest = '';
  for (let at = 0; at < text.length; ) {
    const run = runAt(text, at);
    if (run >= 3) at += run;
    else rest += text.charAt(at++);
  }
  return rest;
}

function runAt(text: string, at: number): number {
  let length = 1;
  while (at + length < text.length && orders.some((order) => order.includes(text.slice(at, at + length + 1))))
    length++;
  return length;
}
