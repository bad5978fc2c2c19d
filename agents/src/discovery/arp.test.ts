import { expect, it } from 'vitest';
import { ArpTable, parseArp } from './arp.ts';

const head = 'IP address       HW type     Flags       HW address            Mask     Device\n';
const line = (address: string, flags: string, mac: string) =>
  `${address.padEnd(16)} 0x1         ${flags}         ${mac}     *        eth0\n`;

it('reads who has an address, and where nobody does', () => {
  const table = parseArp(
    head + line('10.0.0.5', '0x2', 'AA:bb:cc:00:00:01') + line('10.0.0.6', '0x0', '00:00:00:00:00:00'),
  );
  expect([...table]).toEqual([
    ['10.0.0.5', 'aa:bb:cc:00:00:01'],
    ['10.0.0.6', 'nobody'],
  ]);
});

it('tells nothing of addresses for which a router answers', () => {
  const lines = Array.from({ length: 9 }, (_, n) => line(`10.0.0.${n + 1}`, '0x2', 'aa:bb:cc:00:00:01'));
  expect(parseArp(head + lines.join('')).size).toBe(0);
});

it('is read at most once a second, and knows nothing where there is no table', async () => {
  let [now, reads] = [0, 0];
  const arp = new ArpTable({
    monotonicMs: () => now,
    read: async () => {
      reads++;
      if (reads > 1) throw new Error('no such file');
      return head + line('10.0.0.5', '0x2', 'aa:bb:cc:00:00:01');
    },
  });
  expect(await arp.macOf('10.0.0.5')).toBe('aa:bb:cc:00:00:01');
  expect(await arp.macOf('10.0.0.7')).toBeNull();
  expect(reads).toBe(1);
  now = 1000;
  expect(await arp.macOf('10.0.0.5')).toBeNull();
});
