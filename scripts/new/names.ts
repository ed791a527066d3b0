/** The one name of a resource, as each place spells it. */
export interface Names {
  /** `studio-thing`. */
  name: string;
  /** `StudioThing`. */
  id: string;
  /** `studioThing`. */
  exported: string;
}
