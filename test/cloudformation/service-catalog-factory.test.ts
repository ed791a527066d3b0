import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readSource } from '../../packages/local/src/cloudformation/template/source.ts';
import { root } from '../../scripts/handlers.ts';

const folder = join(root, 'cloudformation/service-catalog');
const factory = parse(readFileSync(join(folder, 'factory/portfolios/studio-resources.yaml'), 'utf8')) as Factory;
const portfolio = readSource(readFileSync(join(folder, 'portfolio.yaml'), 'utf8')).root as PortfolioTemplate;

interface FactoryProduct {
  Name: string;
  Description: string;
  Constraints: { Launch: { LocalRoleName: string } };
  Versions: { Source: { Provider: string; Configuration: object }; BuildSpec: string }[];
}

interface FactoryPortfolio {
  DisplayName: string;
  ProviderName: string;
  Description: string;
  TagOptions: { Key: string; Value: string }[];
  Products: FactoryProduct[];
}

interface Factory {
  Schema: string;
  Portfolios: FactoryPortfolio[];
}

interface PortfolioTemplate {
  Parameters: Record<string, { Default?: string }>;
  Resources: Record<string, { Type: string; Properties: Properties }>;
}

/** Of the resources that are compared, those that are. */
interface Properties {
  Name: string;
  Description: string;
  ProductId: { Ref: string };
  /** That with the default provider first. */
  LocalRoleName: { 'Fn::If': [condition: string, { 'Fn::Sub': string }, { 'Fn::Sub': string }] };
  ProvisioningArtifactParameters: [{ Info: { LoadTemplateFromURL: { 'Fn::Sub': [url: string, parts: UrlParts] } } }];
}

/** The key of a template in the release: the prefix, and the template. */
interface UrlParts {
  Key: { 'Fn::Join': ['/', { 'Fn::Split': ['//', { 'Fn::Sub': string }] }] };
}

/** What the Factory's own schema, factory-2019-04-01, asks of each part, and what else it takes. */
const members = {
  portfolio: {
    needs: ['DisplayName', 'Description', 'ProviderName', 'Products'],
    takes: ['Associations', 'TagOptions'],
  },
  product: {
    needs: [
      'Name',
      'Owner',
      'Description',
      'Distributor',
      'SupportDescription',
      'SupportEmail',
      'SupportUrl',
      'Versions',
    ],
    takes: ['Constraints'],
  },
  version: { needs: ['Name', 'Description', 'Source'], takes: ['Active', 'BuildSpec'] },
  connection: { needs: ['ConnectionArn', 'FullRepositoryId', 'BranchName'], takes: [] as string[] },
};

function expectShape(part: object, kind: keyof typeof members): void {
  const { needs, takes } = members[kind];
  expect({ kind, members: Object.keys(part).sort() }).toEqual({
    kind,
    members: Object.keys(part)
      .filter((name) => needs.includes(name) || takes.includes(name))
      .sort(),
  });
  expect(Object.keys(part)).toEqual(expect.arrayContaining(needs));
}

function resources(type: string) {
  const all = Object.entries(portfolio.Resources).filter(([, { Type }]) => Type === `AWS::ServiceCatalog::${type}`);
  return all.map(([id, { Properties }]) => ({ id, ...Properties }));
}

test("the Factory's portfolio is of its schema", () => {
  expect(factory.Schema).toBe('factory-2019-04-01');
  for (const one of factory.Portfolios) {
    expectShape(one, 'portfolio');
    for (const product of one.Products) {
      expectShape(product, 'product');
      for (const version of product.Versions) {
        expectShape(version, 'version');
        expect(version.Source.Provider).toBe('CodeStarSourceConnection');
        expectShape(version.Source.Configuration, 'connection');
      }
    }
  }
});

test('both portfolios have the same products, from the same templates, launched with the same roles', () => {
  const roles = new Map(
    resources('LaunchRoleConstraint').map(({ ProductId, LocalRoleName }) => [
      ProductId.Ref,
      LocalRoleName['Fn::If'][1]['Fn::Sub'].replace('${AWS::Region}', 'us-east-1'),
    ]),
  );
  const ours = resources('CloudFormationProduct').map((product) => {
    const { id, Name, Description } = product;
    const [version] = product.ProvisioningArtifactParameters;
    const key = version.Info.LoadTemplateFromURL['Fn::Sub'][1].Key['Fn::Join'][1]['Fn::Split'][1]['Fn::Sub'];
    return { Name, Description, role: roles.get(id), template: key.slice(key.lastIndexOf('/') + 1) };
  });
  const theirs = factory.Portfolios[0]!.Products.map(({ Name, Description, Constraints, Versions }) => ({
    Name,
    Description,
    role: Constraints.Launch.LocalRoleName,
    template: /cp cloudformation\/(\S+) product\.template-/.exec(Versions[0]!.BuildSpec)![1],
  }));
  expect(theirs).toEqual(ours);
});

test('both have the same name and the same tag option', () => {
  const { Parameters } = portfolio;
  const [{ DisplayName, ProviderName, Description, TagOptions }] = factory.Portfolios as [FactoryPortfolio];
  expect({ DisplayName, ProviderName }).toEqual({
    DisplayName: Parameters.PortfolioName!.Default,
    ProviderName: Parameters.ProviderName!.Default,
  });
  expect(Description).toBe(resources('Portfolio')[0]!.Description);
  expect(TagOptions).toEqual([{ Key: Parameters.TagKey!.Default, Value: Parameters.TagValue!.Default }]);
});
