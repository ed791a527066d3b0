import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type AwsModel, serviceModelOf, serviceModelText } from '../../scripts/service-models/constraints.ts';
import { readModels } from '../../scripts/service-models/read.ts';

const model: AwsModel = {
  operations: {
    Make: { input: { shape: 'MakeRequest' } },
    Find: { input: { shape: 'FindRequest' } },
    Drop: { input: { shape: 'DropRequest' } },
    Ping: {},
  },
  shapes: {
    MakeRequest: {
      type: 'structure',
      members: { Name: { shape: 'Name' }, Note: { shape: 'Text' }, Tags: { shape: 'Tags' }, Tree: { shape: 'Tree' } },
    },
    FindRequest: { type: 'structure', members: { Size: { shape: 'Size' }, Ratio: { shape: 'Ratio' } } },
    DropRequest: { type: 'structure', members: { Note: { shape: 'Text' } } },
    Name: { type: 'string', min: 1, max: 63, pattern: '[a-z]+', sensitive: true },
    Text: { type: 'string', min: 0 },
    Tags: { type: 'map', key: { shape: 'Name' }, value: { shape: 'Text' }, max: 50 },
    Tree: { type: 'structure', members: { Kind: { shape: 'Kind' }, Trees: { shape: 'Trees' } } },
    Trees: { type: 'list', member: { shape: 'Tree' } },
    Kind: { type: 'string', enum: ['A', 'B'] },
    Size: { type: 'integer', min: 0, max: 10 },
    Ratio: { type: 'double', max: 1 },
    Odd: { type: 'string', pattern: 'a*+' },
  },
};

test('a service keeps the constraints on the input of its operations, and nothing without one', () => {
  expect(serviceModelOf(model, ['Make', 'Drop', 'Ping'])).toEqual({
    operations: { Make: 'MakeRequest' },
    unconverted: [],
    shapes: {
      Kind: { enum: ['A', 'B'] },
      MakeRequest: { members: { Name: 'Name', Tags: 'Tags', Tree: 'Tree' } },
      Name: { min: 1, max: 63, pattern: '[a-z]+', sensitive: true },
      Tags: { max: 50, key: 'Name' },
      Tree: { members: { Kind: 'Kind', Trees: 'Trees' } },
      Trees: { item: 'Tree' },
    },
  });
});

test('an enum has the values that AWS documents besides', () => {
  expect(serviceModelOf(model, ['Make'], { Kind: ['C'] }).shapes.Kind).toEqual({ enum: ['A', 'B', 'C'] });
});

test('the file has a line for each operation and each shape', () => {
  const kept = serviceModelOf(model, ['Make', 'Find']);
  const text = serviceModelText(kept);
  expect(JSON.parse(text)).toEqual(kept);
  expect(text.split('\n')).toContain('"Kind":{"enum":["A","B"]},');
});

test('numbers may be at least 0, lengths are so anyway', () => {
  expect(serviceModelOf(model, ['Find']).shapes).toEqual({
    FindRequest: { members: { Size: 'Size', Ratio: 'Ratio' } },
    Size: { min: 0, max: 10, number: 'integer' },
    Ratio: { max: 1, number: 'float' },
  });
});

test('a pattern without counterpart in JavaScript is kept, and named', () => {
  const shapes = { ...model.shapes, Kind: model.shapes.Odd! };
  const { unconverted, shapes: kept } = serviceModelOf({ ...model, shapes }, ['Make']);
  expect([unconverted, kept.Kind]).toEqual([['a*+'], { pattern: 'a*+' }]);
});

test('of each service, the newest version is read, packed or not', () => {
  const directory = mkdtempSync(join(tmpdir(), 'models-'));
  const write = (path: string, serviceId: string, version: string, isPacked: boolean) => {
    mkdirSync(join(directory, path), { recursive: true });
    const text = JSON.stringify({ metadata: { serviceId, apiVersion: version }, operations: {}, shapes: {} });
    const [name, bytes] = isPacked ? ['service-2.json.gz', gzipSync(text)] : ['service-2.json', text];
    writeFileSync(join(directory, path, name as string), bytes);
  };
  write('logs/2014-03-28', 'CloudWatch Logs', 'new', true);
  write('logs/2012-01-01', 'CloudWatch Logs', 'old', false);
  write('efs/2015-02-01', 'EFS', 'new', false);
  write('eks/2017-11-01', 'EKS', 'new', true);
  writeFileSync(join(directory, 'endpoints.json'), '{}');
  const models = readModels(directory, new Set(['cloudwatch-logs', 'efs']));
  expect([...models.keys()].sort()).toEqual(['cloudwatch-logs', 'efs']);
  expect(models.get('cloudwatch-logs')).toMatchObject({ metadata: { apiVersion: 'new' } });
  rmSync(directory, { recursive: true });
});
