/** Somebody for whom something failed. */
export interface Failure {
  /** Where the template or the file names them; of profiles that are to go, nothing does. */
  place?: string;
  name?: string;
  reason: string;
}

/** An answer has room for 4096 bytes, and other things to say. */
const maxBytes = 2400;

/** What failed, as many in number as an answer has room for: `line 17 bob: …; line 40 eve: …; and 3 more`. */
export function failureReport(failures: readonly Failure[], most = maxBytes): string {
  const said: string[] = [];
  let bytes = 0;
  for (const failure of failures) {
    const text = failureText(failure);
    // As JSON, where some characters take more than one.
    bytes += Buffer.byteLength(JSON.stringify(text));
    if (bytes > most) break;
    said.push(text);
  }
  const more = failures.length - said.length;
  return [...said, ...(more > 0 ? [`and ${more} more, of which the log tells`] : [])].join('; ');
}

export function failureText({ place, name, reason }: Failure): string {
  const whom = [place, name].filter((each) => each !== undefined).join(' ');
  return `${whom || 'somebody'}: ${reason}`;
}

/** A number as people read it: `1,000`. */
export function formatNumber(count: number): string {
  return count.toLocaleString('en-US');
}

/** How far it has come: `431 of 1,000 profiles in service, 2 failed, 3 to be removed`. */
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
