import { parseTemplate } from '../../../../packages/local/src/cloudformation/template/parse.ts';
import { errorOf, RESOURCE } from './template-error.ts';

const UNRESOLVED = 'Template format error: Unresolved resource dependencies';

test.each([
  ['X: !Ref B', `${UNRESOLVED} [B] in the Resources block of the template (line 5, column 15)`],
  ['X: [!Ref B, !Ref C, !Ref B]', `${UNRESOLVED} [B, C] in the Resources block of the template (line 5, column 16)`],
  [
    'X: !Ref AWS::Regio',
    `${UNRESOLVED} [AWS::Regio] in the Resources block of the template (line 5, column 15)\nLocal cloud: give AWS::Region instead of AWS::Regio`,
  ],
  [`X: !Sub "\${B}"`, `${UNRESOLVED} [B] in the Resources block of the template (line 5, column 15)`],
  [
    `X: !Sub "\${B.Arn}"`,
    'Template error: instance of Fn::Sub references invalid resource attribute B.Arn (line 5, column 15)',
  ],
  ['X: !GetAtt B.Arn', 'Template error: instance of Fn::GetAtt references undefined resource B (line 5, column 18)'],
  ['X: !If [C, a, b]', 'Template error: unresolved condition dependency C in Fn::If (line 5, column 14)'],
  [
    'X: !FindInMap [M, a, b]',
    "Template error: Mapping named 'M' is not present in the 'Mappings' section of template. (line 5, column 21)",
  ],
])('a property that refers to an undefined name is refused: %s', (line, expected) => {
  expect(errorOf(`Resources:\n  A:\n    Type: X\n    Properties:\n      ${line}\n`)).toBe(expected);
});

const named = `Parameters: {Team: {Type: String}}
Mappings: {Sizes: {a: {b: c}}}
Conditions: {IsBig: !Equals [a, a]}
Resources:
  Domain: {Type: X}
`;

test.each([
  ['Resources', '!Ref Domian', 'give Domain instead of Domian'],
  ['Resources', '!Ref Taem', 'give Team instead of Taem'],
  ['Resources', '!Ref AWS::Acountid', 'give AWS::AccountId instead of AWS::Acountid'],
  ['Resources', '[!Ref Domian, !Ref Zzzz, !Ref Taem]', 'give Domain instead of Domian; give Team instead of Taem'],
  ['Resources', '!GetAtt domain.Arn', 'give Domain instead of domain'],
  ['Resources', '!Sub "${Domai.Arn}"', 'give Domain instead of Domai'],
  ['Resources', '!If [IsBigg, a, b]', 'give IsBig instead of IsBigg'],
  ['Resources', '!FindInMap [Size, a, b]', 'give Sizes instead of Size'],
  ['Outputs', '!Ref Domian', 'give Domain instead of Domian'],
])('under the text in %s for %s, a line gives the nearest name', (block, value, way) => {
  const use = block === 'Outputs' ? `Outputs: {O: {Value: ${value}}}` : `  A: {Type: X, Properties: {X: ${value}}}`;
  const [text, ...more] = errorOf(`${named}${use}\n`).split('\n');
  expect(text).toMatch(/ \(line 6, column \d+\)$/);
  expect(more).toEqual([`Local cloud: ${way}`]);
});

test('a parameter is no name for DependsOn, and a resource none for a condition', () => {
  expect(errorOf(`${named}  A: {Type: X, DependsOn: Taem}\n`)).not.toContain('Team');
  const condition = 'Conditions: {C: !Equals [!Ref Domian, a]}';
  expect(errorOf(named.replace(/^Conditions.*$/m, condition))).not.toContain('Domain');
});

test.each([
  [
    'Resources:\n  A: {Type: X, DependsOn: B}\n',
    `${UNRESOLVED} [B] in the Resources block of the template (line 2, column 16)`,
  ],
  [
    'Parameters: {P: {Type: String}}\nResources:\n  A: {Type: X, DependsOn: P}\n',
    `${UNRESOLVED} [P] in the Resources block`,
  ],
  ['Resources:\n  A: {Type: X, Metadata: {M: !Ref B}}\n', `${UNRESOLVED} [B] in the Resources block`],
  [
    'Resources:\n  A: {Type: X, Condition: C}\n',
    'Template format error: Unresolved condition dependency C in the Resources block of the template',
  ],
  [
    `${RESOURCE}Outputs:\n  O: {Value: !Ref B}\n`,
    `${UNRESOLVED} [B] in the Outputs block of the template (line 4, column 19)`,
  ],
  [`${RESOURCE}Outputs:\n  O: {Value: a, Export: {Name: !Ref B}}\n`, `${UNRESOLVED} [B] in the Outputs block`],
  [
    `${RESOURCE}Outputs:\n  O: {Value: a, Condition: C}\n`,
    'Template format error: Unresolved condition dependency C in the Outputs block of the template',
  ],
  [
    `${RESOURCE}Parameters: {A: {Type: String}}\n`,
    'Template error: all resources and parameters must have unique names. Common name(s):[A] (line 2, column 3)',
  ],
  [
    `${RESOURCE}Rules: {R: {Assertions: [{Assert: !Equals [!Ref A, b]}]}}\n`,
    'Template format error: Unresolved dependencies [A]. Cannot reference resources in the Rules block',
  ],
  [
    `${RESOURCE}Rules: {R: {Assertions: [{Assert: !Equals [!ValueOf [P, VpcId], b]}]}}\n`,
    'Template format error: Unresolved dependencies [P].',
  ],
  [
    `${RESOURCE}Outputs:\n  O: {Value: a, Export: {Name: !Ref A}}\n`,
    'Template error: the Export Name of output O must not depend on the resource A (line 4, column',
  ],
  [
    `${RESOURCE}Outputs:\n  O: {Value: !ImportValue {Ref: A}}\n`,
    'Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs (line 4, column',
  ],
  [
    `${RESOURCE}Outputs:\n  O: {Value: !ImportValue {"Fn::GetAtt": A.B}}\n`,
    'Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs (line 4, column',
  ],
  [
    `${RESOURCE}Parameters: {P: {Type: List<Number>}}\nOutputs:\n  O: {Value: !Sub 'x\${P}'}\n`,
    'Template error: variable P in Fn::Sub expression does not resolve to a string (line 5, column',
  ],
])('a name that is undefined, or not allowed there, is refused: %j', (body, expected) => {
  expect(errorOf(body).startsWith(expected)).toBe(true);
});

describe('circles', () => {
  test('of resources are refused, and the error names only the resources in the circle', () => {
    const body = `Resources:
  Z: {Type: X, Properties: {P: !Ref A}}
  A: {Type: X, Properties: {P: !GetAtt B.Arn}}
  B: {Type: X, DependsOn: C}
  C: {Type: X, Properties: {P: [{Q: !Sub '\${A}'}]}}
  D: {Type: X}
`;
    expect(errorOf(body)).toBe('Circular dependency between resources: [A, B, C] (line 3, column 3)');
  });

  test('of one resource with itself are refused', () => {
    expect(errorOf('Resources:\n  A: {Type: X, Properties: {P: !Ref A}}\n')).toBe(
      'Circular dependency between resources: [A] (line 2, column 3)',
    );
  });

  test('that depend on a condition are checked once the conditions are known', () => {
    const body = `Conditions: {C: !Equals [a, b]}
Resources:
  A: {Type: X, Properties: {P: !If [C, !Ref B, x]}}
  B: {Type: X, Properties: {P: !If [C, x, !Ref A]}}
`;
    expect(parseTemplate(body).resources.size).toBe(2);
  });
});
