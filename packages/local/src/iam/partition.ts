/** The partition that a Region belongs to: `aws` for nearly all. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The Region in which a partition's global services are: `us-east-1` for nearly all. */
export function homeRegionOf(region: string): string {
  const homes: Record<string, string> = { aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' };
  return homes[partitionOf(region)]!;
}
