/**
 * Which requests may leave the function in the tests' Region, written down by hand: only what CloudFormation's bucket
 * of eu-west-1 is addressed by, and nothing computed from the event.
 */
export function isAllowed(origin: string, path: string): boolean {
  const own = [
    'https://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com',
    'https://cloudformation-custom-resource-response-euwest1.s3-eu-west-1.amazonaws.com',
    'https://cloudformation-custom-resource-response-euwest1.s3.dualstack.eu-west-1.amazonaws.com',
    'https://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com',
  ];
  const shared = [
    'https://s3.eu-west-1.amazonaws.com',
    'https://s3-eu-west-1.amazonaws.com',
    'https://s3.dualstack.eu-west-1.amazonaws.com',
    'https://s3.amazonaws.com',
  ];
  if (own.includes(origin)) return true;
  const [, first, ...rest] = path.split(/[?#]/)[0]?.split('/') ?? [];
  const climbs = rest.some((part) => /^(\.|%2e){1,2}$/i.test(part));
  return shared.includes(origin) && first === 'cloudformation-custom-resource-response-euwest1' && !climbs;
}
