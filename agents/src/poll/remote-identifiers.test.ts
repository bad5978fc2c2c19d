import { describe, expect, it } from 'vitest';
import { chassisIdentifier, nameOfRemotePort } from './remote-identifiers.ts';

const octets = (text: string) => Buffer.from(text);

describe('who a neighbour is', () => {
  it.each([
    ['six octets', Buffer.from('e828c126b9c0', 'hex'), 4, 'e8:28:c1:26:b9:c0'],
    ['text in a table without subtypes', octets('E8:28:C1:26:B9:C0'), undefined, 'e8:28:c1:26:b9:c0'],
    ['text with hyphens', octets('E8-28-C1-26-B9-C0'), undefined, 'e8:28:c1:26:b9:c0'],
    ['a name', octets('sw22.example'), undefined, 'sw22.example'],
    ['a name of twelve hexadecimal digits', octets('facade123456'), undefined, 'facade123456'],
  ])('is the same from %s', (_, value, kind, expected) => {
    expect(chassisIdentifier(value, kind)).toBe(expected);
  });

  it('names a port by its description where its identifier is a MAC address', () => {
    const row = { portSubtype: 3, port: Buffer.from('020000000001', 'hex'), portDescription: octets('eth0') };
    expect(nameOfRemotePort(row)).toBe('eth0');
  });
});
