import { randomUUID } from 'node:crypto';
import type { Context } from '@studio-resources/core';
import type { Roster } from './roster.ts';

/** Which content of a file a request works with. */
export interface Pin {
  version?: string;
  etag?: string;
}

/** What is noted of a request, for whichever process takes the next look. Profiles are named by a mark of their key. */
export interface Notes {
  /** By what a process finds what it knows of the request. */
  memory?: string;
  pins?: Record<string, Pin>;
  /** Who was wanted before the update cannot be read any more. */
  isBeforeLost?: boolean;
  /** How many calls were made at once. */
  width?: number;
  /** Members whose step was taken: what they are like now is what came of it. */
  done?: string[];
  /** Members whose wanted state the update changes: what their profile has is looked at, whatever its tags say. */
  changed?: string[];
  /** Why members failed. */
  failed?: Record<string, string>;
  /** The ids of what is being deleted. */
  deleting?: string[];
}

export function notesOf({ notes }: Pick<Context, 'notes'>): Notes {
  return notes;
}

/** What this process knows of a request. Without it, the same is asked for again. */
export interface RequestCache {
  readonly rosters: Map<string, Roster>;
  /** The tags of profiles, by their place and what tells a profile from another one that had it before. */
  readonly tags: Map<string, Map<string, string>>;
  /** Profiles that were made, by place: when, in milliseconds since the epoch, and with which tags. */
  readonly created: Map<string, { at: number; tags: Map<string, string> }>;
}

/** As many stacks at once as one environment of a function is likely to be asked about in turn. */
const maxRequests = 8;
const caches = new Map<string, RequestCache>();

export function requestCache(ctx: Pick<Context, 'notes'>): RequestCache {
  const notes = notesOf(ctx);
  notes.memory ??= randomUUID();
  const memory = caches.get(notes.memory) ?? { rosters: new Map(), tags: new Map(), created: new Map() };
  caches.delete(notes.memory);
  caches.set(notes.memory, memory);
  for (const oldest of caches.keys()) {
    if (caches.size <= maxRequests) break;
    caches.delete(oldest);
  }
  return memory;
}

/** Where a profile is: names are unique in a domain. */
export function profileId(DomainId: string, key: string): string {
  return `${DomainId}/${key}`;
}
