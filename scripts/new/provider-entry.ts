import type { Names } from './names.ts';

/** Whose entry is copied: what every function has, without its own rights. */
const model = { name: 'studio-user-profile', id: 'StudioUserProfile' };

/**
 * provider.yaml with the function of a resource: where its name belongs, with what every function has.
 *
 * @throws Error when provider.yaml does not look as it did
 */
export function withEntry(provider: string, { name, id }: Names): string {
  const common =
    /\n {2}# Custom::StudioUserProfile\n[\s\S]*?- HasKmsKey\n(?:[\s\S]*?- IsInVpc\n){2}[\s\S]*?- !Ref AWS::NoValue\n/.exec(
      provider,
    )?.[0];
  if (!common) throw new Error(`Adding ${id} to provider.yaml: the entry of ${model.id} is not where it was`);
  const own = common.slice(1).replaceAll(model.id, id).replaceAll(model.name, name);
  return [
    (text: string) => insert(text, /^ {2}# Custom::(\w+)$/, id, `${own}${rights(name)}\n`, /^Outputs:$/),
    (text: string) => insert(text, /^ {10}- Install(\w+)$/, id, `          - Install${id}\n`),
    (text: string) => insert(text, /^ {2}Install(\w+):$/, id, parameter(id), /^ {2}PermissionsBoundaryArn:$/),
    (text: string) =>
      insert(text, /^ {2}Installs(\w+): /, id, `  Installs${id}: !Equals [!Ref Install${id}, 'true']\n`),
    (text: string) => insert(text, /:function:studio-resources-([\w-]+)$/, name, `${invocation(name)}\n`),
    (text: string) => insert(text, /^ {2}(\w+)ServiceToken:$/, id, output(id), /^$/),
  ].reduce((text, change) => change(text), provider);
}

/** Puts lines before the first line that names a later one; before `end`, where there is none later. */
function insert(text: string, line: RegExp, name: string, added: string, end?: RegExp): string {
  const lines = text.split('\n');
  const names = lines.map((each) => line.exec(each)?.[1]);
  const later = names.findIndex((each) => each !== undefined && each !== 'responder' && each > name);
  const last = names.findLastIndex((each) => each !== undefined && each !== 'responder');
  const at = later >= 0 ? later : end ? lines.findLastIndex((each) => end.test(each)) : last + 1;
  return [...lines.slice(0, at), ...added.replace(/\n$/, '').split('\n'), ...lines.slice(at)].join('\n');
}

function rights(name: string): string {
  return `              - Effect: Allow
                Action:
                  - ssm:PutParameter
                  - ssm:AddTagsToResource
                  - ssm:ListTagsForResource
                  - ssm:GetParameter
                  - ssm:DeleteParameter
                Resource: !Sub arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/studio-resources/${name}/*
`;
}

function parameter(id: string): string {
  return `  Install${id}:
    Type: String
    Description: Whether templates may name Custom::${id}
    Default: 'true'
    AllowedValues: ['true', 'false']
`;
}

function invocation(name: string): string {
  const arn = 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function';
  return `                  - !Sub ${arn}:studio-resources-${name}`;
}

function output(id: string): string {
  return `  ${id}ServiceToken:
    Condition: Installs${id}
    Description: What resources of the type Custom::${id} name
    Value: !GetAtt ${id}.Arn
    Export: { Name: ${id}ServiceToken }
`;
}
