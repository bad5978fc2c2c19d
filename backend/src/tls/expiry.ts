import type { OwnCondition } from '../alerting/parts.ts';
import type { Certificate } from './certificate.ts';

const dayMs = 86_400_000;
const earlyDays = 30;
const lateDays = 7;

/** What asks for attention about the certificate that is shown, and about files that could not be taken over. Pure. */
export function certificateConditions(
  certificate: Pick<Certificate, 'validTo' | 'subject'>,
  problem: { text: string; since: number } | null,
  now: number,
): OwnCondition[] {
  const conditions: OwnCondition[] = [];
  const { validTo, subject } = certificate;
  if (validTo - now < earlyDays * dayMs) {
    const days = Math.max(0, Math.floor((validTo - now) / dayMs));
    const over = validTo <= now;
    conditions.push({
      id: 'expiry',
      severity: validTo - now < lateDays * dayMs ? 'critical' : 'warning',
      title: over
        ? {
            de: 'Das Zertifikat dieses Servers ist abgelaufen',
            en: 'The certificate of this server has expired',
          }
        : {
            de: `Das Zertifikat dieses Servers läuft in ${days} ${days === 1 ? 'Tag' : 'Tagen'} ab`,
            en: `The certificate of this server ends in ${days} ${days === 1 ? 'day' : 'days'}`,
          },
      advice: {
        de: 'Bitte ein neues Zertifikat an dieselbe Stelle legen: Es wird ohne Neustart übernommen. Danach lassen Browser und Agenten sonst niemanden mehr zu diesem Server.',
        en: 'Please put a new certificate in the same place: it is taken over without a restart. Otherwise browsers and agents let nobody reach this server any more.',
      },
      place: subject,
      since: over ? validTo : validTo - earlyDays * dayMs,
    });
  }
  if (problem !== null)
    conditions.push({
      id: 'files',
      severity: 'warning',
      title: {
        de: 'Das neue Zertifikat kann nicht verwendet werden',
        en: 'The new certificate cannot be used',
      },
      advice: {
        de: `Das bisherige gilt weiter. Was nicht stimmt: ${problem.text}`,
        en: `The one before goes on. What is wrong: ${problem.text}`,
      },
      place: subject,
      since: problem.since,
    });
  return conditions;
}
