import fc from 'fast-check';

const bucket = 'cloudformation-custom-resource-response-euwest1';
const regional = `${bucket}.s3.eu-west-1.amazonaws.com`;
const key = '/arn%3Aaws%3Acloudformation?X-Amz-Credential=AKID&X-Amz-Signature=5ecre7';

/** Hosts and URLs that look like CloudFormation's own, and those that are. */
const urls: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      `https://${regional}${key}`,
      `https://${bucket}.s3.amazonaws.com${key}`,
      `https://s3.eu-west-1.amazonaws.com/${bucket}${key}`,
      `HTTPS://${regional.toUpperCase()}${key}`,
      `https://${regional}:443${key}`,
      ` https://${regional}${key}\n`,
      `https://${regional}\\@evil.example${key}`,
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      `http://${regional}${key}`,
      `https://${regional}:8443${key}`,
      `https://${regional}.${key}`,
      `https://${regional}.evil.example${key}`,
      `https://${regional}@evil.example${key}`,
      `https://evil.example@${regional}${key}`,
      `https://:secret@${regional}${key}`,
      `https://evil.example\\@${regional}${key}`,
      `https://evil.example#@${regional}${key}`,
      `https://evil.example?@${regional}${key}`,
      `https://evil.example%2F@${regional}${key}`,
      `https://evil.example/${regional}${key}`,
      `https://evil.example%00.${regional}${key}`,
      `https://x${regional}${key}`,
      `https://${bucket}x.s3.eu-west-1.amazonaws.com${key}`,
      `https://${bucket}.s3.us-east-1.amazonaws.com${key}`,
      `https://${bucket}.s3.eu-west-1.amazonaws.com.cn${key}`,
      `https://${bucket}.s3.eu-west-1.аmazonaws.com${key}`,
      `https://${bucket}.s3.eu‐west‐1.amazonaws.com${key}`,
      `https://${bucket}。s3。eu-west-1。amazonaws。com${key}`,
      `https://${bucket}.ѕ3.eu-west-1.amazonaws.com${key}`,
      `https://s3.eu-west-1.amazonaws.com/other/../${bucket}${key}`,
      `https://s3.eu-west-1.amazonaws.com/${bucket}/../other${key}`,
      `https://s3.eu-west-1.amazonaws.com/${bucket}/%2e%2e/other${key}`,
      `https://s3.eu-west-1.amazonaws.com//${bucket}${key}`,
      `https://s3.eu-west-1.amazonaws.com/${bucket}x${key}`,
      `https://s3.eu-west-1.amazonaws.com/${bucket}%2F..%2Fother${key}`,
      `https://s3.eu-west-1.amazonaws.com/other?/${bucket}/`,
      `ftp://${regional}${key}`,
      `file://${regional}${key}`,
      `javascript:https://${regional}${key}`,
      `data:text/plain,https://${regional}`,
      `//${regional}${key}`,
      `blob:https://${regional}${key}`,
      'https://169.254.169.254/latest/meta-data/',
      'http://169.254.170.2/v2/credentials',
      'https://0xA9FEA9FE/',
      'https://2852039166/',
      'https://0251.0376.0251.0376/',
      'https://[::1]/',
      'https://[::ffff:169.254.169.254]/',
      'https://localhost/',
      'http://127.0.0.1:9001/2018-06-01/runtime/init/error',
      'https://',
      '',
      `https://${'a'.repeat(70_000)}.example/`,
    ),
  },
  { weight: 1, arbitrary: fc.webUrl({ withFragments: true, withQueryParameters: true }) },
  {
    // Any one character put anywhere into a good one.
    weight: 2,
    arbitrary: fc
      .tuple(fc.nat(regional.length + 10), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }))
      .map(([at, character]) => {
        const good = `https://${regional}${key}`;
        return good.slice(0, at) + character + good.slice(at);
      }),
  },
);

const stackIds: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: fc.constant('arn:aws:cloudformation:eu-west-1:111122223333:stack/studio/5f1b2c30') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'arn:aws:cloudformation',
      'arn:aws:cloudformation:::',
      'arn:aws:cloudformation:@evil.example/:1:stack/a/b',
      'arn:aws:cloudformation:evil.example/#:1:stack/a/b',
      'arn:aws:cloudformation:eu-west-1.amazonaws.com.evil.example:1:stack/a/b',
      'arn:constructor:cloudformation:eu-west-1:1:stack/a/b',
      'arn:__proto__:cloudformation:eu-west-1:1:stack/a/b',
      'arn:aws:s3:::bucket',
      'arn:aws:cloudformation:eu-west-1:111122223333:stack/\ud800/5f1b2c30',
    ),
  },
);

/** Anything at all, in any field: wrong types, deep nesting, huge texts, lone surrogates, names of prototypes. */
const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(undefined, null, true, 0, -1, 1e308, '', [], {}, [[]], '\ud800', '\u0000') },
  { weight: 2, arbitrary: fc.jsonValue() },
  { weight: 2, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('x'.repeat(5_000), '🦊'.repeat(2_000), '\u0007'.repeat(3_000), '\ud800'.repeat(2_000)),
  },
  { weight: 1, arbitrary: fc.constantFrom(3, 300, 2_000, 50_000).map(nested) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '{"__proto__":{"polluted":"yes"}}',
        '{"constructor":{"prototype":{"polluted":"yes"}}}',
        '{"Name":"one","__proto__":{"polluted":"yes"},"toString":"x","hasOwnProperty":1}',
        '{"Name":{"__proto__":{"polluted":"yes"},"toJSON":"x","then":"x"}}',
        '{"Name":"one","toJSON":{"a":1},"length":1e9,"then":{"call":1}}',
      )
      .map((text) => JSON.parse(text)),
  },
);

const fields = {
  RequestType: fc.constantFrom('Create', 'Update', 'Delete'),
  ResponseURL: urls,
  StackId: stackIds,
  RequestId: fc.constantFrom('request-1', 'ünïcode', 'a:beside:b'),
  LogicalResourceId: fc.constant('MyThing'),
  ResourceType: fc.constant('Custom::Thing'),
  PhysicalResourceId: fc.constantFrom(
    ...[
      'thing-one',
      'studio-resources:create-failed:request-0',
      'studio-resources:create-unsettled:r:beside:thing-one',
    ],
    ...['studio-resources:create-unsettled:', 'studio-MyThing-1ABC', '../../etc/passwd', '\ud800', 'thing-\u0000'],
  ),
  ResourceProperties: fc.oneof(fc.constant({ Name: 'one', Size: '1', ServiceTimeout: '60' }), anything),
  OldResourceProperties: fc.oneof(fc.constant({ Name: 'one' }), anything),
};

const spoiled = fc
  .tuple(
    fc.record(fields, { requiredKeys: [] }),
    fc.dictionary(fc.constantFrom(...Object.keys(fields), '__proto__', 'toJSON', 'extra'), anything, { maxKeys: 2 }),
  )
  .map(([good, bad]) => Object.assign(Object.create(null), good, bad));

/** Events that a caller may send to a function, by mistake or on purpose; as JSON where possible. */
export const hostileEvent: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 12, arbitrary: fc.record(fields) },
  { weight: 6, arbitrary: spoiled },
  { weight: 1, arbitrary: anything },
);

function nested(depth: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { Name: value };
  return value;
}
