/** The times by which a list can be filtered; app image configs name the second pair differently. */
interface TimeBounds {
  CreationTimeAfter?: Date;
  CreationTimeBefore?: Date;
  LastModifiedTimeAfter?: Date;
  LastModifiedTimeBefore?: Date;
  ModifiedTimeAfter?: Date;
  ModifiedTimeBefore?: Date;
}

/** Was it created, and last modified, between the times of the request? */
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
