import { randomBytes } from 'node:crypto';
import type { Call, Cloud } from '../service.ts';
import type { Scope, Store } from '../store.ts';

/** What gives access to Studio: a presigned URL, by its token, or the session that it began, by its cookie. */
export interface StudioAccess {
  /** In virtual milliseconds. */
  until: number;
  /** How many seconds a session lasts. */
  session: number;
  /** Whose apps can be reached. */
  app: { DomainId: string; UserProfileName?: string; SpaceName?: string };
  /** Leads to a JupyterLab, and not to a JupyterServer. */
  isLab: boolean;
}

/** Keeps what a presigned URL leads to. */
export function keepAccess({ cloud, account, region }: Call, token: string, access: StudioAccess): void {
  accesses(cloud.store, { account, region }).set(token, access);
}

/** The access of that token, and where it is of; undefined once it has expired. */
export function findAccess({ store, clock }: Cloud, token: string): { access: StudioAccess; scope: Scope } | undefined {
  const scope = scopeIn(token);
  const access = scope && accesses(store, scope).get(token);
  return scope && access && access.until > clock.now() ? { access, scope } : undefined;
}

/** Begins a session; gives what its cookie has to be. */
export function beginSession({ store, clock }: Cloud, scope: Scope, access: StudioAccess): string {
  const { account, region } = scope;
  const place = Buffer.from(JSON.stringify({ profile: `::::${account}`, region })).toString('base64url');
  const id = `${place}.${randomBytes(16).toString('hex')}`;
  accesses(store, scope).set(id, { ...access, until: clock.now() + access.session * 1000 });
  return id;
}

function accesses(store: Store, scope: Scope): Map<string, StudioAccess> {
  return store.table('sagemaker', scope, 'studio-access');
}

/** A token begins with readable facts; the secret part follows. */
function scopeIn(token: string): Scope | undefined {
  try {
    const { profile, region } = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as Record<
      string,
      string
    >;
    const [, , , ofProfile, account] = profile!.split(':');
    return account ? { account, region: region ?? ofProfile! } : undefined;
  } catch {
    return undefined;
  }
}
