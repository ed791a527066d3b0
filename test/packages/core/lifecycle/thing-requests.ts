import { type Resource, serve } from '@studio-resources/core';
import type { Answer } from '../bucket.ts';
import { bucketAndLog } from '../bucket-and-log.ts';
import { event, lambda } from '../event.ts';
import { type ThingProps, type ThingState, thing } from '../thing.ts';

/** What a test has otherwise than the usual thing. */
export type Own = Partial<Resource<ThingProps, ThingState>>;

/** The properties before and after an Update. */
export interface Change {
  from: Record<string, unknown>;
  to: Record<string, unknown>;
  /** `thing-one`, unless told otherwise. */
  id?: string;
}

/** Requests for a thing, to a new handler and in a bucket of the test: each gives the answer and the calls of the thing. */
export function thingRequests() {
  const { bucket } = bucketAndLog();

  async function send(own: Own, fields: object, ...existing: string[]): Promise<[Answer, string[]]> {
    const { resource, calls, things } = thing(own);
    for (const id of existing) things.set(id, 'InService');
    await serve(resource)(event({ ResponseURL: bucket.url, ...fields }), lambda());
    return [bucket.answer(), calls];
  }

  return {
    bucket,
    create: (own: Own = {}, fields: object = {}) => send(own, fields),
    /** Updates where `thing-one` exists. */
    update({ from, to, id = 'thing-one' }: Change, own: Own = {}) {
      const properties = { ResourceProperties: to, OldResourceProperties: from };
      return send(own, { RequestType: 'Update', PhysicalResourceId: id, ...properties }, 'thing-one');
    },
    /** Deletes where `thing-one` exists. */
    remove: (own: Own = {}, fields: object = {}) =>
      send(own, { RequestType: 'Delete', PhysicalResourceId: 'thing-one', ...fields }, 'thing-one'),
  };
}

/** A change in place. */
export const grow: Change = { from: { Name: 'one', Size: '1' }, to: { Name: 'one', Size: '2' } };

/** A change that replaces. */
export const rename: Change = { from: { Name: 'one' }, to: { Name: 'two' } };
