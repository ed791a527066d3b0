import { awsError, FakeThings, page } from './fake-things.ts';

type Input = Record<string, unknown>;
type Tag = { Key: string; Value: string };

const arnOf = (name: string) => `arn:aws:sagemaker:eu-west-1:111122223333:studio-lifecycle-config/${name}`;

/** The lifecycle configurations of a fake SageMaker; one that is in use cannot be deleted. */
export class FakeLifecycleConfigs {
  readonly things = new FakeThings();
  readonly #isUsed: (arn: string) => boolean;
  readonly #tag: (arn: string, tags?: readonly Tag[]) => void;

  constructor(isUsed: (arn: string) => boolean, tag: (arn: string, tags?: readonly Tag[]) => void) {
    this.#isUsed = isUsed;
    this.#tag = tag;
  }

  readonly operations: Record<string, (input: never) => object> = {
    CreateStudioLifecycleConfig: ({ Tags, ...input }: Input & { Tags?: Tag[] }) => {
      const name = String(input.StudioLifecycleConfigName);
      if (this.things.has(name)) throw awsError('ResourceInUse', `StudioLifecycleConfig [${name}] already exists.`);
      const StudioLifecycleConfigArn = arnOf(name);
      this.things.set(name, { members: { ...input, StudioLifecycleConfigArn, Status: '' }, unseen: 1 });
      this.#tag(StudioLifecycleConfigArn, Tags);
      return { StudioLifecycleConfigArn };
    },
    DescribeStudioLifecycleConfig: ({ StudioLifecycleConfigName: name }: Record<string, string>) => ({
      ...this.things.need(name!, 'StudioLifecycleConfig').members,
    }),
    ListStudioLifecycleConfigs: ({ NameContains = '', NextToken }: Record<string, string>) => {
      const all = [...this.things.values()].map(({ members }) => members);
      const found = all.filter((each) => String(each.StudioLifecycleConfigName).includes(NameContains));
      const { items, next } = page(found, NextToken);
      return { StudioLifecycleConfigs: items, NextToken: next };
    },
    DeleteStudioLifecycleConfig: ({ StudioLifecycleConfigName: name }: Record<string, string>) => {
      this.things.need(name!, 'StudioLifecycleConfig');
      if (this.#isUsed(arnOf(name!))) throw awsError('ResourceInUse', `StudioLifecycleConfig [${name}] is in use.`);
      this.things.delete(name!);
      return {};
    },
  };
}
