import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { invalid, isVisible, type Kept } from './records.ts';

interface ListRequest {
  NextToken?: string;
  MaxResults?: number;
  SortBy?: string;
  SortOrder?: string;
}

/** Some lists can be sorted by what their keys say. */
const byName = new Set<string | undefined>(['Name', 'IMAGE_NAME', 'VERSION']);

/** One page of what can be seen, sorted by a time (ascending, by creation, 10 items unless the request says otherwise). */
export function list<Record extends Kept, Item>(
  request: ListRequest,
  records: Iterable<Record>,
  itemOf: (record: Record) => Item,
  call: Call,
): { items: Item[]; NextToken?: string } {
  const visible = [...records].filter((record) => isVisible(record, call));
  const isByName = byName.has(request.SortBy);
  const member = /^last_?modified_?time$/i.test(request.SortBy ?? '') ? 'LastModifiedTime' : 'CreationTime';
  const timeOf = (shown: Kept['shown']) => (isByName ? '' : shown[member]?.toISOString());
  const { items, token } = pageOf(
    visible,
    ({ shown, key }) => `${timeOf(shown)} ${key}`,
    {
      token: request.NextToken,
      size: request.MaxResults ?? 10,
      descending: request.SortOrder?.toLowerCase() === 'descending',
    },
    () => invalid('Invalid NextToken'),
  );
  return { items: items.map(itemOf), NextToken: token };
}
