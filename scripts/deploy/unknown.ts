/** Stands for a value that only the deployment brings about; a text may have it within. */
const marker = /\{\{unknown:([^}]*)\}\}/g;

/** The text that stands for the value that `what` names: `Role.Arn`, or `Domain after this change`. */
export function unknown(what: string): string {
  return `{{unknown:${what}}}`;
}

/** The text that stands for the id of what replaces a resource: not known yet, but another one for sure. */
export function another(logicalId: string): string {
  return unknown(`the new ${logicalId}`);
}

/** Whether a value has, at any depth, something that is not known yet. */
export function hasUnknown(value: unknown): boolean {
  return JSON.stringify(value ?? null).includes('{{unknown:');
}

/** Whether a value has, at any depth, something that may turn out to be the same as before. */
export function mayBeSame(value: unknown): boolean {
  return hasUnknown(JSON.stringify(value ?? null).replace(/\{\{unknown:the new /g, ''));
}

/** A value as people read it: `Role.Arn` in angle brackets. */
export function shownUnknown(text: string): string {
  return text.replace(marker, '<$1>');
}
