export { codeOf, readCode } from '@rackhaus/config/contract';

/**
 * What the QR code holds: the short URL in capitals. Scheme and host mean the same in either case, the server takes
 * `/Q/` too, and letters, digits and `:/.-` in capitals need a third less room in a QR code.
 */
export function codeUrl(publicUrl: string, code: string): string {
  return `${publicUrl}/q/${code}`.toUpperCase();
}
