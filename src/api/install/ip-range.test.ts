import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAddressRange } from './ip-range.ts';

test.each([
  '10.0.0.0/8',
  '0.0.0.0/0',
  '1.2.3.4/32',
  '::/0',
  'fd00::/8',
  '2001:db8::1/128',
  '::ffff:1.2.3.4/96',
  '1:2:3:4:5:6:7:8/64',
])('%s is a range', (range) => expect(isAddressRange(range)).toBe(true));

test.each([
  '',
  '*',
  '10.0.0.0',
  '1.2.3/8',
  '1.1.0.256/16',
  '3.3.0.0/33',
  '10.0.0.0/08',
  '01.2.3.4/8',
  '::/129',
  '1::2::3/64',
  '1:2.3.4.5::1/64',
  '1:2:3:4:5:6:7:8:9/64',
  ':::/8',
  'fd00::/',
  ' 10.0.0.0/8',
  'g::/8',
])('%j is none', (range) => expect(isAddressRange(range)).toBe(false));

test('every IPv4 and IPv6 address with a prefix is a range', () => {
  fc.assert(fc.property(fc.ipV4(), fc.nat(32), (address, length) => isAddressRange(`${address}/${length}`)));
  fc.assert(fc.property(fc.ipV6(), fc.nat(128), (address, length) => isAddressRange(`${address}/${length}`)));
});
