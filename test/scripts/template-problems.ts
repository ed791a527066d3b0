import { shown } from '../../scripts/check/findings.ts';
import { checkTemplates } from '../../scripts/check/templates.ts';
import { definitionOf } from '../../scripts/reference/definition.ts';
import { readTemplateFiles } from '../../scripts/templates/files.ts';

export const definitions = await Promise.all(
  ['studio-domain', 'home-seed', 'studio-user-profile-fleet'].map(definitionOf),
);
const path = 'cloudformation/thing.yaml';
/** The lines 1 to 3 of every template. */
export const head = `AWSTemplateFormatVersion: '2010-09-09'
Description: Makes things
Metadata: { StudioResources: { Need: A thing } }
`;

/** What another stack exports. */
const exporting = {
  path: 'cloudformation/provider.yaml',
  text: `${head}Resources:
  Topic: { Type: AWS::SNS::Topic }
Outputs:
  A: { Description: A, Value: !Ref Topic, Export: { Name: StudioDomainServiceToken } }
  B: { Description: B, Value: !Ref Topic, Export: { Name: RoleArn } }
  C: { Description: C, Value: !Ref Topic, Export: { Name: !Sub 'HomeSeedServiceToken-\${AWS::Region}' } }
`,
};

/** What is found in a template, without its path. */
export async function problemsWith(text: string): Promise<string[]> {
  const problems = shown(await checkTemplates(readTemplateFiles([{ path, text }, exporting]), definitions));
  return problems.map((problem) => problem.slice(path.length + 1));
}

/** A template whose sections begin at line 4. */
export const withSections = (...sections: string[]) => problemsWith(head + sections.join(''));

/** A template whose resources begin at line 5. */
export const withResources = (text: string) => withSections('Resources:\n', text);
