import { UpdateDomainRequest$ } from '@aws-sdk/client-sagemaker';
import { diffSettings } from '@studio-resources/sagemaker/settings/settings-change';
import { mergeSharedList } from '@studio-resources/sagemaker/settings/shared-lists';
import fc from 'fast-check';

const arn = (name: string) => `arn:aws:sagemaker:eu-west-1:111122223333:studio-lifecycle-config/${name}`;
const imageArn = (name: string) => `arn:aws:sagemaker:eu-west-1:111122223333:image/${name}`;
const image = (ImageName: string, ImageVersionNumber?: number) => ({
  ImageName,
  AppImageConfigName: `${ImageName}-config`,
  ...(ImageVersionNumber && { ImageVersionNumber }),
});

test('the lists of several writers, changed in any order, end in the union of their entries', () => {
  const writers = ['a', 'b', 'c'] as const;
  const change = fc.record({
    writer: fc.constantFrom(...writers),
    entries: fc.subarray([1, 2, 3].map(String)),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const asked = new Map<string, string[]>();
      let live: unknown[] = [];
      for (const { writer, entries } of changes) {
        const next = entries.map((entry) => arn(`${writer}${entry}`));
        live = mergeSharedList(live, next, asked.get(writer) ?? [], []);
        asked.set(writer, next);
      }
      expect(live.toSorted()).toEqual([...asked.values()].flat().toSorted());
    }),
  );
});

test.each<[what: string, now: unknown[], next: unknown[], old: unknown[], merged: unknown[]]>([
  ['an adoption keeps what is there and adds', [arn('a')], [arn('b')], [], [arn('a'), arn('b')]],
  ['an entry that is there already is not added twice', [arn('a')], [arn('a')], [], [arn('a')]],
  ['a list that goes takes only its own entries', [arn('a'), arn('b')], [], [arn('b')], [arn('a')]],
  ['what another team took out is not added again by a later change', [], [arn('a'), arn('b')], [arn('a')], [arn('b')]],
  [
    'a new version of an image keeps its place',
    [image('a', 1), image('b')],
    [image('a', 2)],
    [image('a', 1)],
    [image('a', 2), image('b')],
  ],
  ['an image that was attached anew with another version stays', [image('a', 3)], [], [image('a', 1)], [image('a', 3)]],
])('%s', (_, now, next, old, merged) => {
  expect(mergeSharedList(now, next, old, [])).toEqual(merged);
});

const lab = (settings: object) => ({ DefaultUserSettings: { JupyterLabAppSettings: settings } });
const changeOf = (next: object, old: object, live: object) =>
  diffSettings(UpdateDomainRequest$, lab(next), lab(old), { live: lab(live) }).changed;

test('an entry that a default refers to stays, and is removed together with the default', () => {
  const [a, b] = [arn('a'), arn('b')];
  const listed = { LifecycleConfigArns: [a, b] };
  const withDefault = { ...listed, DefaultResourceSpec: { LifecycleConfigArn: a } };
  const [one, none] = [{ LifecycleConfigArns: [b] }, { LifecycleConfigArns: [] }];
  // Another team's default.
  expect(changeOf(one, listed, withDefault)).toEqual(lab(listed));
  expect(changeOf(none, listed, { ...listed, BuiltInLifecycleConfigArn: b })).toEqual(lab(one));
  // The template's own.
  expect(changeOf(none, withDefault, withDefault)).toEqual(
    lab({ LifecycleConfigArns: [], DefaultResourceSpec: { LifecycleConfigArn: 'None' } }),
  );
});

test('an image that is a default stays', () => {
  const CustomImages = [image('a'), image('b')];
  const live = { CustomImages, DefaultResourceSpec: { SageMakerImageArn: imageArn('A') } };
  expect(changeOf({ CustomImages: [] }, { CustomImages }, live)).toEqual(lab({ CustomImages: [image('a')] }));
});

test('a default that another team has attached since is not removed, and is sent with another change of its structure', () => {
  const [a, b] = [arn('a'), arn('b')];
  const spec = (LifecycleConfigArn?: string, InstanceType = 'ml.t3.medium') => ({
    DefaultResourceSpec: { InstanceType, ...(LifecycleConfigArn && { LifecycleConfigArn }) },
  });
  expect(changeOf(spec(), spec(a), spec(b))).toEqual({});
  expect(changeOf(spec(undefined, 'ml.t3.large'), spec(), spec(b))).toEqual(lab(spec(b, 'ml.t3.large')));
});
