import { pageOf } from '../../pages.ts';
import type { Call } from '../../service.ts';
import { checkMembers } from './constraints.ts';
import { invalid, isVisible, type Kept } from './records.ts';

interface ListRequest {
  NextToken?: string;
  MaxResults?: number;
  SortBy?: string;
  SortOrder?: string;
}

/** One page of what can be seen, sorted by a time (ascending, by creation, 10 items unless the request says otherwise). */
export function list<Record extends Kept, Item>(
  request: ListRequest,
  records: Iterable<Record>,
  itemOf: (record: Record) => Item,
  call: Call,
): { items: Item[]; NextToken?: string } {
  checkMembers(request);
  const visible = [...records].filter((record) => isVisible(record, call));
  const timeOf = ({ CreationTime, LastModifiedTime }: Kept['shown']) =>
    (request.SortBy === 'LastModifiedTime' ? LastModifiedTime : CreationTime)?.toISOString();
  const { items, token } = pageOf(
    visible,
    ({ shown, key }) => `${timeOf(shown)} ${key}`,
    {
      token: request.NextToken,
      size: request.MaxResults ?? 10,
      descending: request.SortOrder === 'Descending',
    },
    () => invalid('Invalid NextToken'),
  );
  return { items: items.map(itemOf), NextToken: token };
}
