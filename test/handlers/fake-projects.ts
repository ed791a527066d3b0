import { awsError, page } from './fake-things.ts';

type Input = Record<string, unknown>;
type Tag = { Key: string; Value: string };

const notThere = (name: string) => awsError('NoSuchEntityException', `The role with name ${name} cannot be found.`);
const gone = () => awsError('ResourceNotFoundException', 'It does not exist.');

interface FakeRole {
  tags: Tag[];
  attached: Set<string>;
  inline: Set<string>;
}

/** What SageMaker Projects are made of, in memory: the portfolio and its principals, service roles, and parameters. */
export class FakeProjects {
  status = 'Disabled';
  /** For so many looks after it was enabled, the portfolio is not found. */
  unseen = 2;
  readonly portfolios = [
    { Id: 'port-a', DisplayName: 'Reference architectures', ProviderName: 'IT' },
    { Id: 'port-b', DisplayName: 'Networks', ProviderName: 'IT' },
    { Id: 'port-c', DisplayName: 'JumpStart', ProviderName: 'Amazon SageMaker' },
    {
      Id: 'port-d',
      ARN: 'arn:aws:catalog:eu-west-1:777777777777:portfolio/port-d',
      DisplayName: 'Amazon SageMaker Solutions and ML Ops products',
      ProviderName: 'Amazon SageMaker',
    },
  ];
  /** Who may use `port-d`. */
  readonly principals = new Set<string>();
  readonly roles = new Map<string, FakeRole>();
  readonly parameters = new Map<string, { value: string; modified: Date; tags: Tag[] }>();
  readonly domains = new Map<string, object>();
  readonly profiles = new Map<string, { DomainId: string; UserProfileName: string; UserSettings?: object }>();
  /** The calls that change something, in order. */
  readonly mutations: { operation: string; input: Input }[] = [];
  /** What the next calls of an operation are refused with. */
  readonly refusals = new Map<string, Error[]>();

  call(operation: string, input: Input): object {
    if (!/^(Describe|List|Get)/.test(operation)) this.mutations.push({ operation, input });
    const refusal = this.refusals.get(operation)?.shift();
    if (refusal) throw refusal;
    const run = this.#operations[operation];
    if (!run) throw new Error(`The fake has no ${operation}`);
    return run(input as never) ?? {};
  }

  addRole(name: string): void {
    this.roles.set(name, { tags: [], attached: new Set(), inline: new Set() });
  }

  #tagged(name: string): { tags: Tag[] } {
    const parameter = this.parameters.get(name);
    if (!parameter) throw awsError('InvalidResourceId', 'The resource ID is not valid.');
    return parameter;
  }

  #role(name: string): FakeRole {
    const role = this.roles.get(name);
    if (!role) throw notThere(name);
    return role;
  }

  readonly #operations: Record<string, (input: never) => object | undefined | unknown> = {
    GetSagemakerServicecatalogPortfolioStatus: () => ({ Status: this.status }),
    EnableSagemakerServicecatalogPortfolio: () => {
      this.status = 'Enabled';
    },
    DisableSagemakerServicecatalogPortfolio: () => {
      this.status = 'Disabled';
    },
    DescribeDomain: ({ DomainId }: { DomainId: string }) => {
      const domain = this.domains.get(DomainId);
      if (!domain) throw awsError('ResourceNotFound', `Domain [${DomainId}] does not exist.`);
      return { DomainId, ...domain };
    },
    ListUserProfiles: ({ DomainIdEquals, NextToken }: Record<string, string>) => {
      const all = [...this.profiles.values()].filter(({ DomainId }) => DomainId === DomainIdEquals);
      const { items, next } = page(all, NextToken);
      return { UserProfiles: items.map(({ UserProfileName }) => ({ UserProfileName })), NextToken: next };
    },
    DescribeUserProfile: ({ UserProfileName }: { UserProfileName: string }) => this.profiles.get(UserProfileName),

    ListAcceptedPortfolioShares: ({ PageToken }: { PageToken?: string }) => {
      if (PageToken === undefined && this.unseen > 0) {
        this.unseen -= 1;
        return { PortfolioDetails: this.portfolios.slice(0, 1) };
      }
      const { items, next } = page(this.portfolios, PageToken);
      return { PortfolioDetails: items, NextPageToken: next };
    },
    ListPrincipalsForPortfolio: ({ PageToken }: { PageToken?: string }) => {
      const { items, next } = page([...this.principals], PageToken);
      const Principals = items.map((PrincipalARN) => ({ PrincipalARN, PrincipalType: 'IAM' }));
      return { Principals, NextPageToken: next };
    },
    AssociatePrincipalWithPortfolio: ({ PortfolioId, PrincipalARN }: Record<string, string>) => {
      if (PortfolioId !== 'port-d') throw gone();
      // That an association is taken twice is nowhere said.
      if (this.principals.has(PrincipalARN!)) throw awsError('InvalidParametersException', 'It is already associated');
      this.principals.add(PrincipalARN!);
    },
    DisassociatePrincipalFromPortfolio: ({ PrincipalARN }: Record<string, string>) => {
      if (!this.principals.delete(PrincipalARN!)) throw gone();
    },

    GetRole: ({ RoleName }: { RoleName: string }) => ({
      Role: {
        RoleName,
        Arn: `arn:aws:iam::111122223333:role/service-role/${RoleName}`,
        Tags: this.#role(RoleName).tags,
      },
    }),
    CreateRole: ({ RoleName, Tags }: { RoleName: string; Tags: Tag[] }) => {
      if (this.roles.has(RoleName)) throw awsError('EntityAlreadyExistsException', `Role ${RoleName} already exists.`);
      this.roles.set(RoleName, { tags: Tags, attached: new Set(), inline: new Set() });
      return { Role: { RoleName } };
    },
    DeleteRole: ({ RoleName }: { RoleName: string }) => {
      const { attached, inline } = this.#role(RoleName);
      if (attached.size + inline.size > 0) throw awsError('DeleteConflictException', 'It has policies.');
      this.roles.delete(RoleName);
    },
    AttachRolePolicy: ({ RoleName, PolicyArn }: Record<string, string>) =>
      void this.#role(RoleName!).attached.add(PolicyArn!),
    DetachRolePolicy: ({ RoleName, PolicyArn }: Record<string, string>) =>
      void this.#role(RoleName!).attached.delete(PolicyArn!),
    PutRolePolicy: ({ RoleName, PolicyName }: Record<string, string>) =>
      void this.#role(RoleName!).inline.add(PolicyName!),
    DeleteRolePolicy: ({ RoleName, PolicyName }: Record<string, string>) =>
      void this.#role(RoleName!).inline.delete(PolicyName!),
    ListAttachedRolePolicies: ({ RoleName }: { RoleName: string }) => ({
      AttachedPolicies: [...this.#role(RoleName).attached].map((PolicyArn) => ({ PolicyArn })),
    }),
    ListRolePolicies: ({ RoleName }: { RoleName: string }) => ({ PolicyNames: [...this.#role(RoleName).inline] }),

    PutParameter: ({ Name, Value, Tags }: Record<string, string> & { Tags?: Tag[] }) => {
      if (this.parameters.has(Name!)) throw awsError('ParameterAlreadyExists', 'The parameter already exists.');
      this.parameters.set(Name!, { value: Value!, modified: new Date(Date.now()), tags: [...(Tags ?? [])] });
    },
    GetParametersByPath: ({ Path, NextToken }: Record<string, string>) => {
      const all = [...this.parameters].filter(([name]) => name.startsWith(`${Path}/`));
      const { items, next } = page(all, NextToken);
      const Parameters = items.map(([Name, { value, modified }]) => ({
        Name,
        Value: value,
        LastModifiedDate: modified,
      }));
      return { Parameters, NextToken: next };
    },
    DeleteParameter: ({ Name }: { Name: string }) => {
      if (!this.parameters.delete(Name)) throw awsError('ParameterNotFound', '');
    },
    AddTagsToResource: ({ ResourceId, Tags }: { ResourceId: string; Tags: Tag[] }) => {
      this.#tagged(ResourceId).tags.push(...Tags);
    },
    ListTagsForResource: ({ ResourceId }: { ResourceId: string }) => ({ TagList: this.#tagged(ResourceId).tags }),
  };
}
