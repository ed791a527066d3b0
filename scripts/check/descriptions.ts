import { isForReading, type TemplateFile } from '../templates/files.ts';
import { studioResources } from '../templates/need.ts';
import type { Finding } from './findings.ts';

/** The longest that fits into a row of the table that says which template one needs. */
const longest = 100;

/** Templates, parameters and outputs that do not say what they are, and templates that do not say who needs them. */
export function checkDescriptions(file: TemplateFile): Finding[] {
  const { path, template, places } = file;
  const found: Finding[] = [];
  if (!template.description) {
    found.push({
      path,
      line: 1,
      rule: 'description',
      message: 'give the template a Description: what it makes, for whom',
    });
  }
  for (const { name, line, description } of [...template.parameters.values(), ...template.outputs.values()]) {
    if (!description) found.push({ path, line, rule: 'description', message: `${name}: give it a Description` });
  }
  const need = studioResources(file).Need;
  if (!isForReading(file) && (!need || need.length > longest)) {
    const message = `say in Metadata, StudioResources, Need what one needs it for, in at most ${longest} characters`;
    found.push({ path, line: places.at('/Metadata/StudioResources').line, rule: 'need', message });
  }
  return found;
}
