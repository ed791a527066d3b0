import { AwsError } from '../../errors.ts';
import { pageOf } from '../../pages.ts';

interface Asked {
  Limit?: number;
  Marker?: string;
}

/** A page of a list, and what tells of the next one. `usual` is how many items a page has unless it is asked for. */
export function page<T>(items: Iterable<T>, keyOf: (item: T) => string, asked: Asked, usual: number) {
  const request = { token: asked.Marker, size: asked.Limit ?? usual };
  const found = pageOf(items, keyOf, request, invalidMarker);
  return { items: found.items, more: { NextMarker: found.token, Truncated: found.token !== undefined } };
}

function invalidMarker(): AwsError {
  const message = 'The marker that specifies where pagination should next begin is not valid.';
  return new AwsError('InvalidMarkerException', message);
}
