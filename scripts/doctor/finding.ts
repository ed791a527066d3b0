/** Something that a check has found. */
export interface Finding {
  /** `mend`: it does not work, or not as the template says; `warning`: it works, and may not be what is meant. */
  verdict: 'mend' | 'warning' | 'could not tell';
  /** The thing, and what is wrong with it. */
  what: string;
  /** What to do about it; a command is between backticks. */
  cure: string;
}

export function mend(what: string, cure: string): Finding {
  return { verdict: 'mend', what, cure };
}

export function warning(what: string, cure: string): Finding {
  return { verdict: 'warning', what, cure };
}
