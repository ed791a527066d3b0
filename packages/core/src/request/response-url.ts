/** The DNS suffixes of the partitions. A partition that is not here has no response host that could be trusted. */
const suffixes: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-us-gov': 'amazonaws.com',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

/**
 * Is this a URL that CloudFormation has its answers put to? Only its own bucket of the stack's Region is: anybody could
 * send an event that names another host, or a bucket with a name much like it. `endpoint` is the origin that
 * `AWS_ENDPOINT_URL` names, where there is one.
 */
export function isResponseUrl(
  url: string,
  { partition, region }: { partition: string; region: string },
  endpoint = process.env.AWS_ENDPOINT_URL,
): boolean {
  const parsed = URL.parse(url);
  if (!parsed) return false;
  if (parsed.username !== '' || parsed.password !== '') return false;
  if (endpoint && parsed.origin === URL.parse(endpoint)?.origin) return /^https?:$/.test(parsed.protocol);
  const suffix = Object.hasOwn(suffixes, partition) ? suffixes[partition] : undefined;
  if (parsed.protocol !== 'https:' || parsed.port !== '' || suffix === undefined || region === '') return false;
  const bucket = `cloudformation-custom-resource-response-${region.replaceAll('-', '')}`;
  const hosts = [`s3.${region}`, `s3-${region}`, `s3.dualstack.${region}`, 's3'].map((host) => `${host}.${suffix}`);
  return hosts.some(
    (host) =>
      parsed.hostname === `${bucket}.${host}` ||
      (parsed.hostname === host && parsed.pathname.startsWith(`/${bucket}/`)),
  );
}
