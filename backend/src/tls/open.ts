import type { BackendSettings } from '@rackhaus/config/settings';
import type { CertificateFiles } from './certificate.ts';
import { Certificates } from './certificates.ts';

/** The certificate that the settings ask for, not read yet; null: this server does not encrypt by itself. */
export function certificatesOf(options: {
  settings: Pick<BackendSettings, 'tls' | 'tlsCertFile' | 'tlsKeyFile'>;
  /** Where the one that it signs for itself lies. */
  selfSigned: CertificateFiles;
  now: () => number;
  onError: (message: string) => void;
}): Certificates | null {
  const { tls, tlsCertFile, tlsKeyFile } = options.settings;
  const { now, onError } = options;
  if (tlsCertFile !== null && tlsKeyFile !== null)
    return new Certificates({
      source: 'files',
      files: { certFile: tlsCertFile, keyFile: tlsKeyFile },
      now,
      onError,
    });
  if (tls === 'off') return null;
  return new Certificates({ source: 'self-signed', files: options.selfSigned, now, onError });
}
