/** Node's codes for certificates that are not believed, as opposed to a server that speaks no TLS at all. */
export function isCertificateTrouble(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /CERT|UNABLE_TO|SELF_SIGNED|HOSTNAME|ISSUER/.test(code) && !code.startsWith('ERR_SSL');
}
