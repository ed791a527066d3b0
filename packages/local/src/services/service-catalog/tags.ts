import type { Path } from './paths.ts';
import { invalid } from './records.ts';

/** How many tags a provisioned product may have. */
const most = 50;

/**
 * The tags of a provisioned product: those of the portfolio and the product, those that tag options ask for, and the
 * user's own. An option with one value is taken; among several the user chooses. Throws InvalidParametersException.
 */
export function tagsAtLaunch({ tags, tagOptions }: Path, own: Record<string, string>): Record<string, string> {
  const reserved = Object.keys(own).find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) throw invalid(`Tag key ${reserved} is reserved: keys do not begin with aws:`);
  const chosen = new Map<string, string>();
  for (const key of new Set(tagOptions.map((option) => option.key))) {
    const values = tagOptions.filter((option) => option.key === key).map(({ value }) => value);
    const value = own[key] ?? (values.length === 1 ? values[0] : undefined);
    if (value === undefined) {
      throw invalid(`Tag ${key} is required by TagOptions: choose one of the values [${values.join(', ')}]`);
    }
    if (!values.includes(value)) {
      throw invalid(`Tag value ${value} is not allowed for the TagOption key ${key}: [${values.join(', ')}]`);
    }
    chosen.set(key, value);
  }
  const all = { ...own, ...tags, ...Object.fromEntries(chosen) };
  if (Object.keys(all).length > most) throw invalid(`A provisioned product has at most ${most} tags.`);
  return all;
}
