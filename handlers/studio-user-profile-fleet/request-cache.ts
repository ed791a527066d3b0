import { randomUUID } from 'node:crypto';
import type { Context } from '@studio-resources/core';
import type { Roster } from './member.ts';

/** Identifies the content of a file that a request uses. */
export interface Pin {
  version?: string;
  etag?: string;
}

/** The stored state of a request, for the process that continues it. Profiles are identified by a hash of their key. */
export interface Notes {
  /** The key of the request's cache, within one process. */
  memory?: string;
  pins?: Record<string, Pin>;
  /** Whether the members before the update can no longer be read. */
  isBeforeLost?: boolean;
  /** The number of concurrent calls in the last reconcile. */
  width?: number;
  /** Members whose step was taken: their profile's status is its result. */
  done?: string[];
  /** Members whose desired properties the update changes. Their profiles are compared whatever their tags say. */
  changed?: string[];
  /** The failure reasons of members. */
  failed?: Record<string, string>;
  /** The ids of fleets that are being deleted. */
  deleting?: string[];
}

export function notesOf({ notes }: Pick<Context, 'notes'>): Notes {
  return notes;
}

/** What this process has already read for a request. Another process reads it again. */
export interface RequestCache {
  readonly rosters: Map<string, Roster>;
  /** The tags of profiles, by id and creation time. */
  readonly tags: Map<string, Map<string, string>>;
  /** Created profiles, by id: the time, in milliseconds since the epoch, and the tags. */
  readonly created: Map<string, { at: number; tags: Map<string, string> }>;
}

/** As many requests as one execution environment usually serves in turn. */
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

/** Identifies a profile: its name is unique in the domain. */
export function profileId(DomainId: string, key: string): string {
  return `${DomainId}/${key}`;
}
