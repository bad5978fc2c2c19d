import { isIPv6 } from 'node:net';

/**
 * An address that may become an argument of a command: an IP address or a host name, nothing else. A leading `-` would
 * be read as an option, other characters could mean something to a shell or a resolver.
 */
export function isPlainHost(host: string): boolean {
  if (host.length > 253) return false;
  return isIPv6(host) || /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host);
}
