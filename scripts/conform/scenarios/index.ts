import type { Scenario } from '../scenario.ts';
import { domains } from './domains.ts';
import { images } from './images.ts';
import { pipelines } from './pipelines.ts';
import { portfolios } from './portfolios.ts';
import { roles } from './roles.ts';
import { settings } from './settings.ts';
import { stacks } from './stacks.ts';
import { storage } from './storage.ts';

/** All scenarios by what they are about. */
export const topics: ReadonlyMap<string, readonly Scenario[]> = new Map([
  ['Domains and user profiles', domains],
  ['Settings, spaces and lifecycle configurations', settings],
  ['Images', images],
  ['Pipelines and shares', pipelines],
  ['Roles', roles],
  ['Portfolios and products', portfolios],
  ['File systems, security groups and parameters', storage],
  ['Stacks and custom resources', stacks],
]);

export const scenarios: readonly Scenario[] = [...topics.values()].flat();
