import { describe, expect, test } from 'vitest';
import { findCidrFault, findSubnetFault, isIpAddress } from './ip.ts';

// Each row was put to net/netip of Go 1.26.
describe('addresses', () => {
  test.each([
    '1.2.3.4',
    '::',
    '::1',
    '1::',
    'fe80::1%eth0',
    '1:2:3:4:5:6:7:8',
    '::1.2.3.4',
    '1:2:3:4:5:6:1.2.3.4',
    '1:2:3:4:5:6:7::',
  ])('%s', (text) => {
    expect(isIpAddress(text)).toBe(true);
    expect(findSubnetFault(text)).toBeUndefined();
  });

  test.each([
    '1.2.3',
    '01.2.3.4',
    '256.1.1.1',
    'fe80::1%',
    '1.2.3.4%a',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    '1:2:3:4:5:6:7:1.2.3.4',
    '1::2:3:4:5:6:7:8',
    '::g',
    '12345::',
    ':1',
    '1:',
    ':::',
    '1'.repeat(300),
  ])('no address: %s', (text) => {
    expect(isIpAddress(text)).toBe(false);
    expect(findSubnetFault(text)).toMatchObject({ code: expect.stringMatching(/Invalid$/) as string });
  });
});

describe('ranges of addresses', () => {
  test.each(['10.0.0.0/8', '::/128', '10.0.0.1/0'])('%s', (text) => {
    expect(findCidrFault(text)).toBeUndefined();
    expect(findSubnetFault(text)).toBeUndefined();
  });

  test.each(['10.0.0.0/33', '10.0.0.0/08', '10.0.0.0', '::/129', '10.0.0.0/', 'a/8', 'fe80::%a/64'])(
    'no range: %s',
    (text) => {
      expect(findCidrFault(text)).toMatchObject({ code: 'CidrInvalid' });
    },
  );
});
