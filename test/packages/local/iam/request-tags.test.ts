import { requestTagKeys, requestTags } from '../../../../packages/local/src/iam/request-tags.ts';

const both = { team: 'blue', cost: '' };

test.each<[Record<string, unknown>, Record<string, string> | undefined]>([
  [{ Tags: [{ Key: 'team', Value: 'blue' }, { Key: 'cost' }] }, both],
  [{ Tags: both }, both],
  [{ tags: both }, both],
  [
    { TagSpecifications: [{ Tags: [{ Key: 'team', Value: 'blue' }] }, { Tags: [{ Key: 'cost', Value: '' }] }, {}] },
    both,
  ],
  [{ Tags: [] }, undefined],
  [{ Tags: 'team=blue' }, undefined],
  [{ Tags: [null, { Key: 1, Value: 'x' }] }, undefined],
  [{}, undefined],
])('%j gives the tags %j', (input, tags) => {
  expect(requestTags(input)).toEqual(tags);
});

test('the tag keys of a request are those that it adds or removes', () => {
  expect(requestTagKeys({ Tags: both })).toEqual(['team', 'cost']);
  expect(requestTagKeys({ TagKeys: ['team'] })).toEqual(['team']);
  expect(requestTagKeys({ tagKeys: ['team'] })).toEqual(['team']);
  expect(requestTagKeys({})).toEqual([]);
});
