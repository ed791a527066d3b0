import { parseTemplate } from '../../../../packages/local/src/cloudformation/template/parse.ts';

export const RESOURCE = 'Resources:\n  A: {Type: Custom::A}\n';

/** The text of the error that the template gives; its last line breaks stand for `|`. */
export function errorOf(body: string): string {
  try {
    parseTemplate(body);
  } catch (error) {
    expect(error).toMatchObject({ name: 'ValidationError' });
    return (error as Error).message;
  }
  throw new Error(`the template is accepted:\n${body}`);
}

/** A template with this value as a property, on line 2 from column 36. */
export const property = (value: string) =>
  `Parameters: {P: {Type: String}}\nResources: {A: {Type: Custom::A, Properties: {X: ${value}}}}\nMappings: {M: {a: {b: c}}}`;
