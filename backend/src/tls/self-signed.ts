import { generate } from 'selfsigned';

const years = 10;

/**
 * A certificate that this server signs for itself, for a first start: whoever connects compares its fingerprint with what the
 * console shows. It lasts long, because agents expect exactly this one.
 */
export async function makeSelfSigned(options: {
  names: readonly string[];
  addresses: readonly string[];
  now: number;
}): Promise<{ cert: string; key: string }> {
  const { names, addresses, now } = options;
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years);
  const { cert, private: key } = await generate([{ name: 'commonName', value: names[0] ?? 'rackhaus' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // A clock that goes slow must not take it for one of the future.
    notBeforeDate: new Date(now - 3_600_000),
    notAfterDate: notAfter,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { cert, key };
}
