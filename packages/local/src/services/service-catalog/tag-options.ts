import type * as ServiceCatalog from '@aws-sdk/client-service-catalog';
import { alphanumerics } from '../../random.ts';
import type { Call } from '../../service.ts';
import { products } from './product-records.ts';
import { duplicate, getOwnPortfolio, inUse, invalid, notFound, type Operations, page, portfolios } from './records.ts';

/** A tag that a launch has to carry, or may choose among others of the same key. */
export interface TagOptionRecord {
  id: string;
  key: string;
  value: string;
  active: boolean;
  owner: string;
}

/** What tag options are associated with. */
interface TagOptionTarget {
  tagOptionIds: string[];
}

/** Of all accounts, by id: they may be shared with a portfolio. */
function tagOptions(call: Call): Map<string, TagOptionRecord> {
  return call.table('tag-options', { account: 'all' });
}

export const tagOptionOperations: Operations = {
  CreateTagOption({ Key = '', Value = '' }, call) {
    if (/^aws:/i.test(Key)) throw invalid(`Invalid TagOption key ${Key}`);
    mustBeNew(Key, Value, call);
    const id = `tag-${alphanumerics(call.cloud.store, 13)}`;
    const option: TagOptionRecord = { id, key: Key, value: Value, active: true, owner: call.account };
    tagOptions(call).set(id, option);
    return { TagOptionDetail: tagOptionDetail(option) };
  },

  DescribeTagOption: ({ Id }, call) => ({ TagOptionDetail: tagOptionDetail(getTagOption(Id, call)) }),

  UpdateTagOption({ Id, Value, Active }, call) {
    const option = getTagOption(Id, call);
    if (Value !== undefined && Value !== option.value) mustBeNew(option.key, Value, call);
    option.value = Value ?? option.value;
    option.active = Active ?? option.active;
    return { TagOptionDetail: tagOptionDetail(option) };
  },

  DeleteTagOption({ Id }, call) {
    const { id } = getTagOption(Id, call);
    const holders: TagOptionTarget[] = [...portfolios(call).values(), ...products(call).values()];
    if (holders.some(({ tagOptionIds }) => tagOptionIds.includes(id))) {
      throw inUse(`TagOption ${id} is associated with a portfolio or a product.`);
    }
    tagOptions(call).delete(id);
    return {};
  },

  ListTagOptions({ Filters = {}, ...input }, call) {
    const { Key, Value, Active } = Filters;
    const found = [...tagOptions(call).values()].filter(
      ({ owner, key, value, active }) =>
        owner === call.account && key === (Key ?? key) && value === (Value ?? value) && active === (Active ?? active),
    );
    const { items, token } = page(found, ({ id }) => id, input);
    return { TagOptionDetails: items.map(tagOptionDetail), PageToken: token };
  },

  AssociateTagOptionWithResource({ ResourceId, TagOptionId }, call) {
    const { id } = getTagOption(TagOptionId, call);
    const holder = getTagOptionTarget(ResourceId, call);
    if (holder.tagOptionIds.includes(id)) throw duplicate(`TagOption ${id} is already associated with ${ResourceId}.`);
    holder.tagOptionIds.push(id);
    return {};
  },

  DisassociateTagOptionFromResource({ ResourceId, TagOptionId }, call) {
    const holder = getTagOptionTarget(ResourceId, call);
    if (!holder.tagOptionIds.includes(TagOptionId!)) throw notFound('TagOption association', TagOptionId);
    holder.tagOptionIds = holder.tagOptionIds.filter((id) => id !== TagOptionId);
    return {};
  },
};

export function tagOptionsOf({ tagOptionIds }: TagOptionTarget, call: Call): TagOptionRecord[] {
  return tagOptionIds.flatMap((id) => tagOptions(call).get(id) ?? []);
}

export function tagOptionDetail({ id, key, value, active, owner }: TagOptionRecord): ServiceCatalog.TagOptionDetail {
  return { Id: id, Key: key, Value: value, Active: active, Owner: owner };
}

function getTagOption(id: string | undefined, call: Call): TagOptionRecord {
  const option = tagOptions(call).get(id ?? '');
  if (option?.owner === call.account) return option;
  throw notFound('TagOption', id);
}

/** The caller's own portfolio or product. */
function getTagOptionTarget(id: string | undefined, call: Call): TagOptionTarget {
  if (id?.startsWith('port-')) return getOwnPortfolio(id, call);
  const product = products(call).get(id ?? '');
  if (product?.owner === call.account) return product;
  throw notFound('Resource', id);
}

function mustBeNew(key: string, value: string, call: Call): void {
  const same = [...tagOptions(call).values()].some(
    (one) => one.owner === call.account && one.key === key && one.value === value,
  );
  if (same) throw duplicate(`TagOption with key ${key} and value ${value} already exists.`);
}
