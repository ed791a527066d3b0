import { type Resource, serve } from '@studio-resources/core';
import { lambda } from '../event.ts';
import { type ThingProps, type ThingState, thing } from '../thing.ts';

/** What a user writes into `input`. */
export const input = (ResourceProperties: object = { Name: 'one', Size: 1 }, more: object = {}) => ({
  ResourceType: 'Custom::Thing',
  StateName: 'production',
  LogicalResourceId: 'MyThing',
  ResourceProperties,
  ...more,
});

/** What Terraform sends: the input, and its own member (terraform-provider-aws, lambda/invocation.go, read 2026-12-01). */
export const creation = (now = input()) => ({ ...now, tf: { action: 'create', prev_input: null } });
export const change = (now: object, before: object) => ({ ...now, tf: { action: 'update', prev_input: before } });
export const deletion = (now = input()) => ({ ...now, tf: { action: 'delete', prev_input: now } });

/** A thing whose function is invoked directly. */
export function served(own: Partial<Resource<ThingProps, ThingState>> = {}) {
  const one = thing(own);
  const handler = serve(one.resource);
  return { ...one, invoke: (payload: unknown, remaining?: number) => handler(payload, lambda(remaining)) };
}
