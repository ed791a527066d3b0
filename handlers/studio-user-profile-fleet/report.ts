/** A member that failed. */
export interface Failure {
  /** Where it is defined, in the template or in the file. Undefined for a profile that is being removed. */
  place?: string;
  name?: string;
  reason: string;
}

/** A response to CloudFormation has at most 4096 bytes, and other content. */
const maxBytes = 2400;

/** The failures, as many as fit: `line 17 bob: …; line 40 eve: …; and 3 more`. */
export function failureReport(failures: readonly Failure[], most = maxBytes): string {
  const said: string[] = [];
  let bytes = 0;
  for (const failure of failures) {
    const text = failureText(failure);
    // Counted as JSON, which escapes some characters.
    bytes += Buffer.byteLength(JSON.stringify(text));
    if (bytes > most) break;
    said.push(text);
  }
  const more = failures.length - said.length;
  return [...said, ...(more > 0 ? [`and ${more} more, see the log`] : [])].join('; ');
}

export function failureText({ place, name, reason }: Failure): string {
  const whom = [place, name].filter((each) => each !== undefined).join(' ');
  return `${whom || 'an unnamed member'}: ${reason}`;
}

/** A number with separators: `1,000`. */
export function formatNumber(count: number): string {
  return count.toLocaleString('en-US');
}

/** The progress: `431 of 1,000 profiles in service, 2 failed, 3 to be removed`. */
export function formatProgress({
  ready,
  total,
  failed,
  removals,
}: Record<'ready' | 'total' | 'failed' | 'removals', number>): string {
  return [
    `${formatNumber(ready)} of ${formatNumber(total)} profiles in service`,
    ...(failed > 0 ? [`${formatNumber(failed)} failed`] : []),
    ...(removals > 0 ? [`${formatNumber(removals)} to be removed`] : []),
  ].join(', ');
}
