import ipaddr from 'ipaddr.js';
import { AwsError } from '../../errors.ts';

/** A range of IPv4 addresses: its first as a number, how many, and as it is written. */
export interface Block {
  first: number;
  size: number;
  prefix: number;
  text: string;
}

/** Reads a CIDR block; bits behind the prefix are cleared, as EC2 does. */
export function blockOf(text: string, parameter = 'cidrBlock'): Block {
  if (!ipaddr.IPv4.isValidCIDR(text)) {
    const message = `Value (${text}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`;
    throw new AwsError('InvalidParameterValue', message);
  }
  const [, prefix] = ipaddr.IPv4.parseCIDR(text);
  const network = ipaddr.IPv4.networkAddressFromCIDR(text);
  return { first: numberOf(network.toString()), size: 2 ** (32 - prefix), prefix, text: `${network}/${prefix}` };
}

export function contains(outer: Block, inner: Block): boolean {
  return inner.first >= outer.first && inner.first + inner.size <= outer.first + outer.size;
}

export function overlap(a: Block, b: Block): boolean {
  return a.first < b.first + b.size && b.first < a.first + a.size;
}

export function addressOf(value: number): string {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

export function numberOf(address: string): number {
  return ipaddr.IPv4.parse(address).octets.reduce((sum, octet) => sum * 256 + octet, 0);
}
