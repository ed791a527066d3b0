import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiTypes } from '../../scripts/constructs/api-types.ts';
import { installationFile } from '../../scripts/constructs/installation.ts';
import { comment } from '../../scripts/constructs/text.ts';
import { root } from '../../scripts/handlers.ts';
import { readTemplateFile } from '../../scripts/templates/files.ts';

/** As the SDK's declarations are written. */
const declarations = `
export declare const Mode: {
    readonly OFF: "OFF";
    readonly ON: "ON";
};
export type Mode = (typeof Mode)[keyof typeof Mode];
/**
 * @public
 */
export interface Thing {
    /**
     * <p>The <code>Name</code> of it. It is not &lt;empty&gt;.</p> <p>More.</p>
     * @public
     */
    Name: string | undefined;
    Mode?: Mode | undefined;
    Parts?: Thing[] | undefined;
    Labels?: Record<string, string> | undefined;
    Place?: Place | undefined;
    Ids?: string[] | undefined;
    Count?: number | undefined;
    Hidden?: boolean | undefined;
}
export type Place = Place.HereMember | Place.ThereMember | Place.$UnknownMember;
export declare namespace Place {
    interface HereMember {
        Here: string;
        There?: never;
        $unknown?: never;
    }
    interface ThereMember {
        Here?: never;
        There: Thing;
        $unknown?: never;
    }
}
export interface Odd {
    Name: string | undefined;
    call(): void;
}
`;

test('structures, enumerations and unions of the API become types that take tokens', () => {
  const api = new ApiTypes(declarations);
  expect(api.typeOf('Thing[]')).toBe('readonly (Thing | IResolvable)[] | IResolvable');
  expect(api.declarations()).toEqual([
    "export type Mode = 'OFF' | 'ON';",
    'export type Place = { readonly Here: string; readonly There?: never; } | { readonly There: Thing | IResolvable; readonly Here?: never; };',
    `/** [Thing](https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Thing.html) */
export interface Thing {
  readonly Name: string;
  readonly Mode?: Mode | IResolvable;
  readonly Parts?: readonly (Thing | IResolvable)[] | IResolvable;
  readonly Labels?: { readonly [name: string]: string } | IResolvable;
  readonly Place?: Place | IResolvable;
  readonly Ids?: readonly string[];
  readonly Count?: number;
  readonly Hidden?: boolean | IResolvable;
}`,
  ]);
});

test('a declaration in another form, and a name that is none, are errors rather than a type that takes anything', () => {
  const api = new ApiTypes(declarations);
  expect(() => api.typeOf('Odd')).toThrow("Reading Odd of SageMaker's API: not every line declares a member:");
  expect(() => api.typeOf('Absent')).toThrow("Reading Absent of SageMaker's API: its SDK declares no such structure");
});

test('a long comment is wrapped, and cannot end before its end', () => {
  expect(comment('short')).toBe('/** short */\n');
  const long = comment(`a */ ${'word '.repeat(40)}end`, '  ');
  expect(long.match(/\*\//g)).toHaveLength(1);
  expect(Math.max(...long.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
});

test('parameters have the types that their patterns and values tell', () => {
  const path = 'cloudformation/provider.yaml';
  const { template } = readTemplateFile(path, readFileSync(join(root, path), 'utf8'));
  const text = installationFile(template.parameters);
  for (const member of [
    'executionRoleArns: readonly string[];',
    'artifactBucket?: string;',
    'nativeDomains?: boolean | IResolvable;',
    'allowedDomainTag?: string;',
    'reservedConcurrency?: number;',
    'subnetIds?: readonly string[];',
  ]) {
    expect(text).toContain(`  readonly ${member}\n`);
  }
  expect(text).toMatch(/ {2}readonly logRetentionInDays\?: 1 \| 3 \| .* \| 3653 \| IResolvable;/);
});
