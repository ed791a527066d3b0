import type * as EC2 from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { matches } from './filters.ts';
import type { Tags } from './records.ts';

/** One kind of thing that EC2 keeps: how its ids begin, what it is called, and what it can be filtered by. */
export interface Kind<T> {
  /** How its ids begin: `vpc` for `vpc-0123…`. */
  prefix: string;
  /** The name of its table, which is also its type in tags and ARNs. */
  type: EC2.ResourceType;
  /** The error when there is none of that id. */
  missing: (id: string) => AwsError;
  idOf: (record: T) => string;
  /** The values of the filters that `Describe…` takes, besides those of tags. */
  filters: Record<string, (record: T) => string | undefined | (string | undefined)[]>;
}

/** The error of the form `InvalidVpcID.NotFound`. */
export function notFound(code: string, noun: string): (id: string) => AwsError {
  return (id) => new AwsError(`${code}.NotFound`, `The ${noun} '${id}' does not exist`);
}

export function tableOf<T>(kind: Kind<T>, call: Call): Map<string, T> {
  return call.table<T>(kind.type);
}

export function find<T>(kind: Kind<T>, id: string | undefined, call: Call): T | undefined {
  return id === undefined ? undefined : tableOf(kind, call).get(id);
}

/** The one of that id, or the service's error that says that there is none. */
export function get<T>(kind: Kind<T>, id: string | undefined, call: Call): T {
  if (id === undefined || id === '') {
    throw new AwsError('MissingParameter', `The request must contain the parameter ${kind.type}Id`);
  }
  const record = find(kind, id, call);
  if (!record) throw kind.missing(id);
  return record;
}

export function all<T>(kind: Kind<T>, call: Call, where: (record: T) => boolean = () => true): T[] {
  return [...tableOf(kind, call).values()].filter(where);
}

export function remove<T>(kind: Kind<T>, id: string, call: Call): void {
  tableOf(kind, call).delete(id);
  tagTable(call).delete(id);
}

/** The tags of everything in the account and Region, by id. */
export function tagTable(call: Call): Map<string, Tags> {
  return call.table<Tags>('tags');
}

/** A thing's tags as EC2 lists them. */
export function tagsOf(id: string, call: Call): EC2.Tag[] {
  return Object.entries(tagTable(call).get(id) ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

/** What a `Describe…` operation takes. */
export interface DescribeRequest {
  ids?: string[];
  Filters?: EC2.Filter[];
  MaxResults?: number;
  NextToken?: string;
}

/** One page of what matches the ids and filters, each with its tags. */
export function describe<T>(
  kind: Kind<T>,
  { ids, Filters, MaxResults, NextToken }: DescribeRequest,
  call: Call,
): { items: (T & { Tags: EC2.Tag[] })[]; NextToken?: string } {
  if (ids && ids.length > 0 && MaxResults !== undefined) {
    throw new AwsError('InvalidParameterCombination', 'The parameter MaxResults cannot be used with the list of ids');
  }
  const some = ids && ids.length > 0 ? ids.map((id) => get(kind, id, call)) : tableOf(kind, call).values();
  const matching = [...some].filter((record) => {
    const tags = tagTable(call).get(kind.idOf(record)) ?? {};
    return (Filters ?? []).every((filter) => matches(filter, record, kind.filters, tags));
  });
  const invalid = () => new AwsError('InvalidParameterValue', 'Unable to parse the pagination token NextToken');
  const page = pageOf(matching, kind.idOf, { token: NextToken, size: MaxResults }, invalid);
  return {
    items: page.items.map((record) => ({ ...record, Tags: tagsOf(kind.idOf(record), call) })),
    NextToken: page.token,
  };
}
