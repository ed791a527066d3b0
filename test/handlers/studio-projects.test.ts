import { describeContract } from '../contract.ts';
import { projectsMockWorld } from './projects-mock-world.ts';
import { projectsSubject, type Roles } from './projects-subject.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const roles: Roles = [arn('red'), arn('green'), arn('studio/blue')];

describeContract('studio-projects against mocks', async () => projectsSubject(projectsMockWorld(), roles), [
  'replacement',
  'name',
  'failure',
]);
