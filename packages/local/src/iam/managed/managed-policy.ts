/** A policy that AWS publishes, by its name. */
export interface ManagedPolicy {
  name: string;
  /** `/service-role/` and the like; `/` for most. */
  path: string;
  /** AWS's version, such as `v3`. */
  versionId: string;
  /** ISO 8601: when AWS published the policy, and when this version. */
  created: string;
  updated: string;
  /** JSON. */
  document: string;
}
