import type * as EC2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { matches } from './filters.ts';
import { tagTable } from './kind.ts';
import * as kinds from './kinds.ts';
import type { Operations, Tags } from './records.ts';

const mostTags = 50;

/** The types of things by how their ids begin. */
const types = new Map(Object.values(kinds).map(({ prefix, type }) => [prefix, type]));

export function typeOf(id: string): EC2.ResourceType | undefined {
  return types.get(id.split('-')[0]!);
}

/** Keeps the tags that a `Create…` operation gives to what it makes. */
export function tagNew(
  id: string,
  type: EC2.ResourceType,
  specifications: EC2.TagSpecification[] | undefined,
  call: Call,
): void {
  for (const { ResourceType, Tags = [] } of specifications ?? []) {
    if (ResourceType !== type) {
      const message = `'${ResourceType}' is not a valid taggable resource type for this operation.`;
      throw new AwsError('InvalidParameterValue', message);
    }
    setTags(id, Tags, call);
  }
}

function setTags(id: string, tags: EC2.Tag[], call: Call): void {
  for (const { Key = '' } of tags) {
    if (Key.startsWith('aws:')) {
      throw new AwsError('InvalidParameterValue', `Tag keys starting with 'aws:' are reserved for internal use`);
    }
  }
  const all: Tags = { ...tagTable(call).get(id) };
  for (const { Key = '', Value = '' } of tags) all[Key] = Value;
  if (Object.keys(all).length > mostTags) {
    throw new AwsError('TagLimitExceeded', 'More than 50 tags specified');
  }
  tagTable(call).set(id, all);
}

function mustExist(id: string, call: Call): void {
  const type = typeOf(id);
  if (!type) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  if (!call.table(type).has(id)) throw new AwsError('InvalidID', `The ID '${id}' does not exist`);
}

interface TagRow extends EC2.TagDescription {
  ResourceId: string;
  Key: string;
}

const filters = {
  key: (row: TagRow) => row.Key,
  value: (row: TagRow) => row.Value,
  'resource-id': (row: TagRow) => row.ResourceId,
  'resource-type': (row: TagRow) => row.ResourceType,
};

export const tagOperations: Operations = {
  CreateTags({ Resources = [], Tags = [] }, call) {
    for (const id of Resources) mustExist(id, call);
    for (const id of Resources) setTags(id, Tags, call);
    return {};
  },

  DeleteTags({ Resources = [], Tags }, call) {
    for (const id of Resources) mustExist(id, call);
    for (const id of Resources) {
      const all: Tags = { ...tagTable(call).get(id) };
      for (const { Key = '', Value } of Tags ?? Object.keys(all).map((key) => ({ Key: key, Value: undefined }))) {
        // A value narrows the deletion to a tag that has it; no tags at all mean every tag.
        if (Value === undefined || all[Key] === Value) delete all[Key];
      }
      tagTable(call).set(id, all);
    }
    return {};
  },

  DescribeTags({ Filters = [], MaxResults, NextToken }, call) {
    const rows: TagRow[] = [...tagTable(call)].flatMap(([ResourceId, tags]) =>
      Object.entries(tags).map(([Key, Value]) => ({ ResourceId, ResourceType: typeOf(ResourceId), Key, Value })),
    );
    const matching = rows.filter((row) =>
      Filters.every((filter) =>
        filter.Name?.startsWith('tag:')
          ? matches(filter, row, {}, { [row.Key]: row.Value ?? '' })
          : matches(filter, row, filters, {}),
      ),
    );
    const invalid = () => new AwsError('InvalidParameterValue', 'Unable to parse the pagination token NextToken');
    const keyOf = (row: TagRow) => `${row.ResourceId} ${row.Key}`;
    const page = pageOf(matching, keyOf, { token: NextToken, size: MaxResults }, invalid);
    return { Tags: page.items, NextToken: page.token };
  },
};
