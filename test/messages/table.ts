import type { Subject } from './mistake.ts';
import { commands } from './mistakes/commands.ts';
import { content } from './mistakes/content.ts';
import { domains } from './mistakes/domain.ts';
import { fleets } from './mistakes/fleet.ts';
import { installation } from './mistakes/installation.ts';
import { names } from './mistakes/names.ts';
import { parameters } from './mistakes/parameters.ts';
import { people } from './mistakes/people.ts';
import { scriptsAndImages } from './mistakes/scripts-and-images.ts';
import { serviceTokens } from './mistakes/service-token.ts';

/** The mistakes that a new user makes, by subject. */
export const table: readonly Subject[] = [
  domains,
  serviceTokens,
  names,
  people,
  fleets,
  scriptsAndImages,
  content,
  parameters,
  installation,
  commands,
];
