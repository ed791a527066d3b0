import { isResponseUrl } from '../../../../packages/core/src/request/parse-request.ts';

const ireland = { partition: 'aws', region: 'eu-west-1' };
const bucket = 'cloudformation-custom-resource-response-euwest1';
const key = '/arn%3Aaws%3Acloudformation?X-Amz-Signature=1';

test.each([
  `https://${bucket}.s3.eu-west-1.amazonaws.com${key}`,
  `https://${bucket}.s3-eu-west-1.amazonaws.com${key}`,
  `https://${bucket}.s3.amazonaws.com${key}`,
  `https://${bucket}.s3.dualstack.eu-west-1.amazonaws.com${key}`,
  `https://s3.eu-west-1.amazonaws.com/${bucket}${key}`,
  `https://s3-eu-west-1.amazonaws.com/${bucket}${key}`,
  `https://s3.dualstack.eu-west-1.amazonaws.com/${bucket}${key}`,
])('CloudFormation’s own bucket is accepted: %s', (url) => {
  expect(isResponseUrl(url, ireland, undefined)).toBe(true);
});

test.each([
  ['aws-cn', 'cn-north-1', 'cloudformation-custom-resource-response-cnnorth1.s3.cn-north-1.amazonaws.com.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'cloudformation-custom-resource-response-usgovwest1.s3.us-gov-west-1.amazonaws.com'],
  ['aws-iso', 'us-iso-east-1', 'cloudformation-custom-resource-response-usisoeast1.s3.us-iso-east-1.c2s.ic.gov'],
  [
    'aws-iso-b',
    'us-isob-east-1',
    'cloudformation-custom-resource-response-usisobeast1.s3.us-isob-east-1.sc2s.sgov.gov',
  ],
  [
    'aws-iso-e',
    'eu-isoe-west-1',
    'cloudformation-custom-resource-response-euisoewest1.s3.eu-isoe-west-1.cloud.adc-e.uk',
  ],
  [
    'aws-iso-f',
    'us-isof-south-1',
    'cloudformation-custom-resource-response-usisofsouth1.s3.us-isof-south-1.csp.hci.ic.gov',
  ],
  ['aws-eusc', 'eusc-de-east-1', 'cloudformation-custom-resource-response-euscdeeast1.s3.eusc-de-east-1.amazonaws.eu'],
])('CloudFormation’s bucket in the partition %s is accepted', (partition, region, host) => {
  expect(isResponseUrl(`https://${host}${key}`, { partition, region }, undefined)).toBe(true);
  expect(isResponseUrl(`https://${host}${key}`, ireland, undefined)).toBe(false);
});

test.each([
  ['without TLS', `http://${bucket}.s3.eu-west-1.amazonaws.com${key}`],
  ['on another port', `https://${bucket}.s3.eu-west-1.amazonaws.com:8443${key}`],
  ['with a user', `https://a:b@${bucket}.s3.eu-west-1.amazonaws.com${key}`],
  ['of another Region', `https://cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com${key}`],
  ['with a name much like it', `https://${bucket}x.s3.eu-west-1.amazonaws.com${key}`],
  ['below another bucket', `https://s3.eu-west-1.amazonaws.com/other/${bucket}${key}`],
  ['with a path much like it', `https://s3.eu-west-1.amazonaws.com/${bucket}x${key}`],
  ['on a host that only begins so', `https://${bucket}.s3.eu-west-1.amazonaws.com.example.com${key}`],
  ['on a host that only ends so', `https://example-${bucket}.s3.eu-west-1.amazonaws.com${key}`],
  ['that is no URL', 'amazonaws.com'],
  ['that is empty', ''],
])('a bucket %s is not accepted', (_, url) => {
  expect(isResponseUrl(url, ireland, undefined)).toBe(false);
});

test('an unknown partition has no response host', () => {
  const url = 'https://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com/';
  expect(isResponseUrl(url, { partition: 'constructor', region: 'eu-west-1' }, undefined)).toBe(false);
});

test('the origin that AWS_ENDPOINT_URL names is accepted, and only that one', () => {
  const endpoint = 'http://127.0.0.1:4566';
  expect(isResponseUrl('http://127.0.0.1:4566/bucket/key?a=b', ireland, endpoint)).toBe(true);
  expect(isResponseUrl('http://127.0.0.1:4567/bucket/key', ireland, endpoint)).toBe(false);
  expect(isResponseUrl('https://127.0.0.1:4566/bucket/key', ireland, endpoint)).toBe(false);
  expect(isResponseUrl('http://127.0.0.1:4566@example.com/', ireland, endpoint)).toBe(false);
  expect(isResponseUrl('http://127.0.0.1:4566/', ireland, undefined)).toBe(false);
});
