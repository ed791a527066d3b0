import ipaddr from 'ipaddr.js';
import { AwsError } from '../../errors.ts';

/**
 * `Fn::Cidr`: the first `count` blocks of `bits` host bits each within `block`.
 *
 * `192.168.0.0/24`, 6 and 5 give `192.168.0.0/27`, `192.168.0.32/27`, … The bits are 8 for IPv4 and 64 for IPv6 when
 * they are left out.
 */
export function cidrBlocks(block: string, count: number, bits?: number): string[] {
  if (!isBlock(block)) throw new AwsError('ValidationError', `Template error: Fn::Cidr: ${block} is no CIDR block`);
  const [address, prefix] = ipaddr.parseCIDR(block);
  const width = address.kind() === 'ipv4' ? 32 : 128;
  const host = bits ?? (width === 32 ? 8 : 64);
  if (!Number.isInteger(count) || count < 1 || count > 256) {
    throw new AwsError(
      'ValidationError',
      `Template error: Fn::Cidr: the number of blocks must be 1 to 256, not ${count}`,
    );
  }
  if (
    !Number.isInteger(host) ||
    host < 1 ||
    host > width ||
    BigInt(count) << BigInt(host) > 1n << BigInt(width - prefix)
  ) {
    const text = `Template error: Fn::Cidr: ${count} blocks of ${host} bits do not fit into ${block}`;
    throw new AwsError('ValidationError', text);
  }
  const first = (toBigInt(address.toByteArray()) >> BigInt(width - prefix)) << BigInt(width - prefix);
  return Array.from({ length: count }, (_, index) => {
    const start = first + (BigInt(index) << BigInt(host));
    return `${ipaddr.fromByteArray(toBytes(start, width / 8))}/${width - host}`;
  });
}

function toBigInt(bytes: number[]): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function toBytes(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 255n));
}

/** With all four numbers of an IPv4 address, which the parser alone does not ask for. */
function isBlock(block: string): boolean {
  const [address = ''] = block.split('/');
  return ipaddr.isValidCIDR(block) && (address.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(address));
}
