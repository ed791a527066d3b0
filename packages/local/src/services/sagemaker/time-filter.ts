/** The moments that a list may be narrowed to; of app image configs, the second pair has another name. */
interface TimeBounds {
  CreationTimeAfter?: Date;
  CreationTimeBefore?: Date;
  LastModifiedTimeAfter?: Date;
  LastModifiedTimeBefore?: Date;
  ModifiedTimeAfter?: Date;
  ModifiedTimeBefore?: Date;
}

/** Was it made, and changed last, between the moments that a request names? */
export function matchesTimes(request: TimeBounds, shown: { CreationTime?: Date; LastModifiedTime?: Date }): boolean {
  const changedAfter = request.LastModifiedTimeAfter ?? request.ModifiedTimeAfter;
  const changedBefore = request.LastModifiedTimeBefore ?? request.ModifiedTimeBefore;
  return (
    isBetween(shown.CreationTime, request.CreationTimeAfter, request.CreationTimeBefore) &&
    isBetween(shown.LastModifiedTime, changedAfter, changedBefore)
  );
}

export function isBetween(moment: Date | undefined, after: Date | undefined, before: Date | undefined): boolean {
  if (!moment) return true;
  return (!after || moment >= after) && (!before || moment <= before);
}
