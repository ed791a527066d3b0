import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { account } from '../../scripts/start/clients.ts';
import { takeInventory } from '../../scripts/start/inventory.ts';
import type { ProjectCloud } from './project-cloud.ts';
import { runLines, shellLines } from './shell.ts';

/** The commands of a section of the project templates' page, with values in place of its placeholders. */
export function lines(section: string, texts: Record<string, string> = {}): string[] {
  const replaced = (line: string) =>
    Object.entries(texts).reduce((text, [placeholder, own]) => text.replaceAll(placeholder, own), line);
  return shellLines('cloudformation/project-templates/README.md', section).map(replaced);
}

/**
 * Turns SageMaker Projects on and offers the project templates, as the page says. Gives what there was before, and the
 * outputs of the portfolio's stack.
 */
export async function offer(projects: ProjectCloud) {
  const { cloud } = projects;
  const RoleArns = `arn:aws:iam::${account}:role/studio-scientist`;
  expect((await projects.deploy('projects', 'projects.yaml', { RoleArns })).failures).toEqual([]);
  const [build, publish, ...rest] = lines('Offer them');
  expect(build).toBe('npm run build');
  // The bucket with the release is there before the stacks, and after them.
  await runLines(cloud, [publish!]);
  const before = await takeInventory(cloud.clients);
  await runLines(cloud, rest);
  const command = new DescribeStacksCommand({ StackName: 'project-templates' });
  const { Stacks } = await cloud.clients.cloudformation.send(command);
  const products: Record<string, string> = Object.fromEntries(
    Stacks![0]!.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]),
  );
  return { before, products };
}
