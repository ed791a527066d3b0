import { serve } from '@studio-resources/core';
import { redactor } from '../../../../packages/core/src/request/redact.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda, stackId } from '../event.ts';
import { thing } from '../thing.ts';

const url =
  'https://s3.eu-west-1.amazonaws.com/bucket/arn%3Aaws?AWSAccessKeyId=AKIDEXAMPLE&Expires=1&Signature=ab%2Fcd%3D';

test('the response URL is redacted whole, and so are its query, signature and key, encoded or not', () => {
  const redact = redactor(url);
  const text = [
    url,
    decodeURIComponent(url),
    'path ?AWSAccessKeyId=AKIDEXAMPLE&Expires=1&Signature=ab%2Fcd%3D',
    'Signature ab%2Fcd%3D or ab/cd= of AKIDEXAMPLE',
  ].join('\n');
  expect(redact.text(text)).toBe(
    ['[redacted]', '[redacted]', 'path [redacted]', 'Signature [redacted] or [redacted] of [redacted]'].join('\n'),
  );
});

test('values are redacted in JSON’s quoting, and at any depth', () => {
  const redact = redactor(url);
  redact.hide({ keys: [{ value: 'a "quoted"\nsecret' }, 12345, undefined, null] });
  expect(redact.text(`12345 a "quoted"\nsecret ${JSON.stringify('a "quoted"\nsecret')}`)).toBe(
    '[redacted] [redacted] "[redacted]"',
  );
});

test('values are redacted in URL encoding, too', () => {
  const redact = redactor(url);
  redact.hide('two words');
  const text = `?next=${encodeURIComponent(url)}&password=two%20words`;
  expect(redact.text(text)).toBe('?next=[redacted]&password=[redacted]');
  expect(redact.text('Signature=ab%252Fcd%253D')).toBe('Signature=[redacted]');
});

test('a longer secret is redacted whole, even if a shorter one is a part of it', () => {
  const redact = redactor(url);
  redact.hide(['abc', 'abcdef']);
  expect(redact.text('abcdef')).toBe('[redacted]');
});

test('a URL that cannot be decoded is redacted, too', () => {
  expect(redactor('https://s3.example/?Signature=%E0%A4').text('has %E0%A4 in it')).toBe('has [redacted] in it');
});

describe('in a request', () => {
  const { bucket, lines } = bucketAndLog(503);

  test('neither the response URL nor a sensitive property reaches the log or the reason', async () => {
    const { resource } = thing({
      async create(props, { log }) {
        log.info(`Trying ${props.Secret}`, { props, nested: [{ url: bucket.url }], short: { Secret: 'x' } });
        throw new Error(`Creating: ${bucket.url} refused ${JSON.stringify(props)}`, {
          cause: new Error(`with ${props.Secret}`),
        });
      },
    });
    const ResourceProperties = { Name: 'one', Secret: 'hunter"2' };
    await serve(resource)(event({ ResponseURL: bucket.url, ResourceProperties }), lambda());
    expect(bucket.answer().Reason).toBe(
      'Creating: [redacted] refused {"Name":"one","Secret":"[redacted]"}: with [redacted]',
    );
    expect(lines.text()).not.toMatch(/hunter|5ecre7s1gnature|AKIDEXAMPLE/);
    expect(lines.text()).not.toContain(bucket.url);
    expect(lines.json().find(({ message }) => message === 'Trying [redacted]')).toMatchObject({
      props: { Name: 'one', Secret: '[redacted]' },
      nested: [{ url: '[redacted]' }],
      short: { Secret: '[redacted]' },
    });
  });

  test('a sensitive value is redacted as the key of a log field, too', async () => {
    const { resource } = thing({
      sensitive: ['Secret'],
      find: async ({ Secret }, { log }) => {
        log.info('Looking', { by: { [`user ${Secret}`]: 1 } });
        return undefined;
      },
    });
    const ResourceProperties = { Name: 'one', Secret: 'hunter2hunter2' };
    await serve(resource)(event({ ResponseURL: bucket.url, ResourceProperties }), lambda());
    expect(lines.text()).toContain('"user [redacted]":1');
    expect(lines.text()).not.toContain('hunter2hunter2');
  });

  test('the reason does not contain an invalid sensitive property', async () => {
    const { resource } = thing({ sensitive: ['Size'] });
    const ResourceProperties = { Name: 'one', Size: 'hunter2' };
    await serve(resource)(event({ ResponseURL: bucket.url, ResourceProperties }), lambda());
    expect(bucket.answer().Reason).toBe('Reading the properties: Size: expected a number, got "[redacted]"');
  });

  test('every log line has the stack, the logical id and the request id, and is JSON', async () => {
    const { resource } = thing({
      async read(id, _props) {
        return { id, status: 'Failed' };
      },
      async create(_props, { log }) {
        for (const level of ['debug', 'info', 'warn', 'error'] as const) log[level](`a line of ${level}`);
        return 'thing-one';
      },
    });
    await serve(resource)(event({ ResponseURL: bucket.url }), lambda());
    expect(lines.json().length).toBeGreaterThan(4);
    for (const line of lines.json()) {
      expect(line).toMatchObject({ stackId, logicalResourceId: 'MyThing', requestId: 'request-1' });
    }
    const levels = lines.json().filter(({ message }) => String(message).startsWith('a line of'));
    expect(levels.map(({ level }) => level)).toEqual(['INFO', 'WARN', 'ERROR']);
    expect(lines.text()).not.toContain('ServiceToken');
  });
});
