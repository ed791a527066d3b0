import type * as SageMaker from '@aws-sdk/client-sagemaker';
import { pageOf } from '../../../pages.ts';
import { invalid, type Operations } from '../records.ts';
import { checkExpression, type Found, matches, propertiesAt } from './expression.ts';
import { isSearchable, resourcesOf, searchable } from './found.ts';

/** How many results a page has where the request does not say it. */
const usualSize = 10;

export const searchOperations: Operations = {
  Search(request, call) {
    const { Resource, SearchExpression, SortBy = 'LastModifiedTime', SortOrder, MaxResults, NextToken } = request;
    const { CrossAccountFilterOption, VisibilityConditions = [] } = request;
    if (!isSearchable(Resource)) {
      throw invalid(`The local cloud searches for ${searchable.join(', ')}, and for no ${Resource}.`);
    }
    checkExpression(SearchExpression);
    const resources = resourcesOf(Resource, CrossAccountFilterOption === 'CrossAccount', call);
    const matching = [...resources].filter(
      ([, found]) => isVisible(found, VisibilityConditions) && matches(found, SearchExpression),
    );
    const { items, token } = pageOf(
      matching,
      ([arn, found]) => `${sortable(propertiesAt(found, SortBy)[0])} ${arn}`,
      { token: NextToken, size: MaxResults ?? usualSize, descending: SortOrder !== 'Ascending' },
      () => invalid('Invalid NextToken'),
    );
    return {
      Results: items.map(([, found]): SageMaker.SearchRecord => ({ [Resource]: found })),
      NextToken: token,
      TotalHits: { Value: matching.length, Relation: 'EqualTo' },
    };
  },
};

/** What has the key of a condition has to have its value; what does not have the key is found. */
function isVisible(found: Found, conditions: readonly SageMaker.VisibilityConditions[]): boolean {
  return conditions.every(({ Key = '', Value }) => {
    const values = propertiesAt(found, Key);
    return values.length === 0 || values.includes(Value);
  });
}

/** A text in whose order the values are. */
function sortable(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'number') return String(value ?? '');
  // Zero is in the middle, and there are as many digits to each.
  return (value + 1e15).toFixed(6).padStart(24, '0');
}
