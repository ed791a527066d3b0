import { once } from 'node:events';
import type { StaticMapSchema, StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import { handle } from '../../../../packages/local/src/http.ts';
import { type Cloud, type Service, service } from '../../../../packages/local/src/service.ts';
import { type ServedCloud, serveCloud } from '../served-cloud.ts';

interface Echo {
  [member: string]: unknown;
}

/** The command of an SDK's client, as far as the types go. */
class EchoCommand {
  readonly input: Echo;

  constructor(input: Echo) {
    this.input = input;
  }

  resolveMiddleware(): () => Promise<{ output: Echo }> {
    throw new Error('never sent');
  }
}

/** A service whose only operation answers with its input, in a protocol and with a schema that the test chooses. */
function echo(protocol: string, http: [string, string, number] | undefined, schema: StaticStructureSchema) {
  const Echo$: StaticOperationSchema = [9, 'echo', 'Echo', http ? { http } : 0, schema, schema];
  class EchoClient {
    readonly config = {
      protocol: { getShapeId: () => protocol },
      protocolSettings: { defaultNamespace: 'echo', xmlNamespace: 'http://echo/' },
      defaultSigningName: 'echo',
    };
  }
  return service('echo', 'echo', { EchoClient, EchoCommand, Echo$ }, { operations: { Echo: (input) => input } });
}

const authorization =
  'AWS4-HMAC-SHA256 Credential=111111111111/20261121/us-east-1/echo/aws4_request, SignedHeaders=host, Signature=x';
let served: ServedCloud | undefined;

afterEach(() => serve(undefined));

/** Serves this, in place of what was served before. */
async function serve(one: Service | undefined): Promise<void> {
  await served?.close();
  served = one && serveCloud([one]);
}

async function cloud(one: Service): Promise<Cloud> {
  await serve(one);
  return served!.cloud;
}

async function send(
  one: ReturnType<typeof echo>,
  request: { method?: string; url?: string; headers?: Record<string, string>; body?: string },
) {
  const { method = 'POST', url = '/', headers, body = '' } = request;
  const answer = await handle(await cloud(one), {
    method,
    url,
    headers: { authorization, ...headers },
    body: Buffer.from(body),
  });
  return { ...answer, body: Buffer.from(answer.body).toString() };
}

const struct = (members: Record<string, StaticStructureSchema[5][number]>): StaticStructureSchema => [
  3,
  'echo',
  'EchoShape',
  0,
  Object.keys(members),
  Object.values(members),
];

const json = 'aws.protocols#restJson1';
const http: [string, string, number] = ['POST', '/echo', 200];

describe('REST bindings', () => {
  test('headers can have times, lists, numbers, booleans, bytes and prefixed names', async () => {
    const one = echo(
      json,
      http,
      struct({
        When: [4, { httpHeader: 'x-when' }],
        List: [64, { httpHeader: 'x-list' }],
        Count: [1, { httpHeader: 'x-count' }],
        Truth: [2, { httpHeader: 'x-truth' }],
        Bytes: [21, { httpHeader: 'x-bytes' }],
        Meta: [128, { httpPrefixHeaders: 'x-meta-' }],
      }),
    );
    const headers = {
      'x-when': 'Sat, 21 Nov 2026 06:24:00 GMT',
      'x-list': 'a, b',
      'x-count': '5',
      'x-truth': 'true',
      'x-bytes': 'aGk=',
      'x-meta-colour': 'blue',
    };
    expect((await send(one, { url: '/echo', headers })).headers).toMatchObject(headers);
    const wrong = await send(one, {
      url: '/echo',
      headers: { 'x-truth': 'perhaps', 'x-count': 'five', 'x-when': 'soon' },
    });
    expect(wrong.body).toContain('3 validation errors detected');
  });

  test('the query string can have named parameters, repeated ones, and a map', async () => {
    const body = struct({
      One: [0, { httpQuery: 'one' }],
      Many: [64, { httpQuery: 'many' }],
      When: [5, { httpQuery: 'when' }],
      All: [128, 64],
    });
    const one = echo(json, http, body);
    const serving = await cloud(one);
    const asked = once(serving.events, 'exchange');
    const url = '/echo?one=1&many=a&many=b&when=2026-11-21T06:24:00Z';
    await handle(serving, { method: 'POST', url, headers: { authorization }, body: new Uint8Array() });
    expect((await asked)[0].request).toEqual({
      One: '1',
      Many: ['a', 'b'],
      When: new Date('2026-11-21T06:24:00Z'),
      All: { one: '1', many: 'b', when: '2026-11-21T06:24:00Z' },
    });
  });

  test('a payload may be a text or a structure', async () => {
    const text = await send(echo(json, http, struct({ Body: [0, 16] })), { url: '/echo', body: 'plain' });
    expect(text.body).toBe('plain');
    const inner = struct({ When: 4, Name: [0, { jsonName: 'name' }] });
    const nested = echo(json, http, struct({ Body: [() => inner, 16] }));
    expect((await send(nested, { url: '/echo', body: '{"When":1.5,"name":"x"}' })).body).toBe(
      '{"When":1.5,"name":"x"}',
    );
    expect((await send(nested, { url: '/echo' })).body).toBe('');
  });

  test('JSON can have bytes, maps, documents and NaN', async () => {
    const shape = struct({ Bytes: 21, Map: 128 | 1, Anything: 15, Number: 1, Day: 5, Nothing: 0 });
    const body = { Bytes: 'aGk=', Map: { a: 1 }, Anything: [{ b: null }], Number: 'NaN', Day: '2026-11-21T06:24:00Z' };
    const answer = await send(echo(json, http, shape), {
      url: '/echo',
      body: JSON.stringify({ ...body, Nothing: null }),
    });
    expect(JSON.parse(answer.body)).toEqual(body);
    const wrong = await send(echo(json, http, shape), { url: '/echo', body: '{"Bytes":5,"Map":"x"}' });
    expect(wrong.body).toContain('Member must be a blob');
    expect(wrong.body).toContain('Member must be a map');
  });
});

describe('query forms', () => {
  const query = 'aws.protocols#awsQuery';
  const ask = (shape: StaticStructureSchema, form: string) =>
    send(echo(query, undefined, shape), { body: `Action=Echo&${form}` });

  test('can have maps, nested or flat, with the names in the schema', async () => {
    const flat: StaticMapSchema = [2, 'echo', 'Flat', 0, [0, { xmlName: 'K' }], [0, { xmlName: 'V' }]];
    const shape = struct({ Map: 128, Flat: [flat, { xmlFlattened: 1 }], Empty: 128 });
    const form = 'Map.entry.1.key=a&Map.entry.1.value=1&Map.entry.2.key=b&Flat.1.K=c&Flat.1.V=3&Empty=';
    const { body } = await ask(shape, form);
    expect(body).toContain(
      '<Map><entry><key>a</key><value>1</value></entry><entry><key>b</key><value></value></entry></Map>',
    );
    expect(body).toContain('<Flat><K>c</K><V>3</V></Flat>');
    expect(body).toContain('<Empty/>');
  });

  test('can have lists in the order of their numbers, and structures without members', async () => {
    const shape = struct({ List: 64, Flat: [64, { xmlFlattened: 1 }], Inner: () => struct({ A: 0 }) });
    const { body } = await ask(shape, 'List.member.2=b&List.member.1=a&List.member.10=c&Flat.1=x&Inner=');
    expect(body).toContain('<List><member>a</member><member>b</member><member>c</member></List><Flat>x</Flat><Inner/>');
  });

  test('are refused if they do not match the schema', async () => {
    const shape = struct({ List: 64, Map: 128, Text: 0, Inner: () => struct({ A: 0 }) });
    for (const [form, text] of [
      ['List=a', 'Member must be a list'],
      ['Map=a', 'Member must be a map'],
      ['Text.A=a', 'Member must be a string'],
      ['Inner=a', 'Member must be a structure'],
      ['Inner.B=a', 'EchoShape has no such member'],
    ] as const) {
      expect((await ask(shape, form)).body).toContain(text);
    }
  });
});

test('a protocol without an adapter and a module without a client have different errors', async () => {
  const principal = { kind: 'account', account: '1', arn: '' } as const;
  const call = { operation: 'Echo', input: {}, region: 'us-east-1', principal };
  const cbor = await cloud(echo('smithy.protocols#rpcv2Cbor', undefined, struct({})));
  await expect(cbor.call({ ...call, service: 'echo' })).rejects.toThrow(
    'Reading the model of echo: no adapter speaks smithy.protocols#rpcv2Cbor',
  );
  const none = await cloud(service('none', 'none', {}, { operations: {} }));
  await expect(none.call({ ...call, service: 'none' })).rejects.toThrow('its module exports no client');
});
