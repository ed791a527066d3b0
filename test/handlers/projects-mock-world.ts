import { IAMClient } from '@aws-sdk/client-iam';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { ServiceCatalogClient } from '@aws-sdk/client-service-catalog';
import { SSMClient } from '@aws-sdk/client-ssm';
import { jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { handler, studioProjects } from '../../handlers/studio-projects.ts';
import type { Answer, World } from '../contract.ts';
import { responseBucket } from '../packages/core/bucket.ts';
import { captured } from '../packages/core/console.ts';
import { lambda } from '../packages/core/event.ts';
import { FakeProjects } from './fake-projects.ts';
import { awsError } from './fake-things.ts';
import { envelope, withoutPauses } from './mock-world.ts';

const root = '/studio-resources/projects';
const operation = {
  create: 'PutParameter',
  update: 'AssociatePrincipalWithPortfolio',
  delete: 'DisassociatePrincipalFromPortfolio',
};

/** A world around the handler of Projects whose services are fakes; what it has no permission for is denied. */
export interface ProjectsMockWorld extends World {
  readonly fake: FakeProjects;
}

export function projectsMockWorld(): ProjectsMockWorld {
  const fake = new FakeProjects();
  const mocks = {
    sagemaker: mockClient(SageMakerClient),
    servicecatalog: mockClient(ServiceCatalogClient),
    iam: mockClient(IAMClient),
    ssm: mockClient(SSMClient),
  };
  for (const [service, { send }] of Object.entries(mocks)) {
    send.callsFake(async (command) => {
      const name = command.constructor.name.replace(/Command$/, '');
      if (!studioProjects.permissions.some(({ action }) => action === `${service}:${name}`)) {
        throw awsError('AccessDeniedException', `not authorized to perform: ${service}:${name}`);
      }
      return fake.call(name, { ...command.input }) as never;
    });
  }
  captured();
  withoutPauses();
  let requests = 0;
  const head = (id: string) => {
    const parameter = fake.parameters.get(`${root}/${id}`);
    if (!parameter) throw new Error(`There is no register of ${id}`);
    return parameter;
  };

  return {
    fake,
    async send(sent) {
      const bucket = await responseBucket();
      requests += 1;
      await handler({ ...envelope(sent), RequestId: `request-${requests}`, ResponseURL: bucket.url }, lambda());
      await bucket.close();
      return bucket.answer() as Answer;
    },
    existing: async () =>
      [...fake.parameters.keys()].map((name) => name.slice(root.length + 1)).filter((name) => !name.includes('/')),
    async look(id) {
      const Tags = Object.fromEntries(head(id).tags.map(({ Key, Value }) => [Key, Value]));
      return { ExecutionRoles: [...fake.principals].sort(), Tags };
    },
    mutations: async () => fake.mutations.map((each) => each.operation),
    async refuseNext(what, code, message) {
      fake.refusals.set(operation[what], [awsError(code, message)]);
    },
    async failNext(what) {
      throw new Error(`Failing the next ${what}: nothing of Projects fails once it is accepted`);
    },
    async setStatus(_, status) {
      fake.status = status;
    },
    async deleteBehindItsBack(id) {
      fake.parameters.delete(`${root}/${id}`);
    },
    async disown(id) {
      head(id).tags = [];
    },
    async close() {
      for (const mock of Object.values(mocks)) mock.restore();
      jest.restoreAllMocks();
    },
  };
}
