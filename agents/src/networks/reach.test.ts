import { describe, expect, it } from 'vitest';
import { OutOfReachError, Reach, readNetworks, UnknownNameError } from './reach.ts';

const own = (text: string) => {
  const networks = readNetworks(text);
  if (typeof networks === 'string') throw new Error(networks);
  return networks;
};

describe('which addresses an agent asks', () => {
  it('are those that the server allows; all of them while it names none', async () => {
    const reach = new Reach({ own: null });
    expect(await reach.resolve('198.51.100.1')).toBe('198.51.100.1');
    expect(reach.setServer(['10.0.0.0/8', 'fd00::/8'])).toBe(true);
    expect(reach.setServer(['10.0.0.0/8', 'fd00::/8'])).toBe(false);
    expect(await reach.resolve('10.1.2.3')).toBe('10.1.2.3');
    expect(await reach.resolve('fd00::1')).toBe('fd00::1');
    await expect(reach.resolve('198.51.100.1')).rejects.toThrow(OutOfReachError);
    await expect(reach.resolve('::ffff:198.51.100.1')).rejects.toThrow(OutOfReachError);
    reach.setServer([]);
    await expect(reach.resolve('10.1.2.3')).rejects.toThrow('Administration > Protection');
  });

  it('are no more than in its own list, whatever the server says', async () => {
    const reach = new Reach({ own: own('10.1.0.0/16') });
    await expect(reach.resolve('10.2.0.1')).rejects.toThrow('--networks');
    reach.setServer(['0.0.0.0/0']);
    await expect(reach.resolve('10.2.0.1')).rejects.toThrow(OutOfReachError);
    expect(await reach.resolve('10.1.0.1')).toBe('10.1.0.1');
  });

  it('of names are looked up and checked at each use', async () => {
    let address = '10.1.0.1';
    const reach = new Reach({
      own: own('10.0.0.0/8'),
      lookup: async (name) => {
        if (name !== 'switch.example') throw new Error('ENOTFOUND');
        return [{ address: '192.0.2.9' }, { address }];
      },
    });
    expect(await reach.resolve('switch.example')).toBe('10.1.0.1');
    address = '169.254.169.254';
    await expect(reach.resolve('switch.example')).rejects.toThrow(OutOfReachError);
    await expect(reach.resolve('other.example')).rejects.toThrow(UnknownNameError);
  });
});
