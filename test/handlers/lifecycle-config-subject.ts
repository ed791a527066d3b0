import type { Subject, World } from '../subject.ts';

/** The profile that it is attached to. */
export interface LifecycleConfigPlace {
  DomainId: string;
  UserProfileName: string;
}

const encoded = (script: string) => Buffer.from(script).toString('base64');

/** A lifecycle configuration, to be held against the contract. */
export function lifecycleConfigSubject(world: World, place: LifecycleConfigPlace): Subject {
  const properties = { Name: 'setup', AppType: 'JupyterLab', Content: '#!/bin/bash\r\necho hello\r\n' };
  const shown = {
    StudioLifecycleConfigContent: encoded('#!/bin/bash\necho hello\n'),
    StudioLifecycleConfigAppType: 'JupyterLab',
  };
  const attached = (more: object) => ({ ...properties, AttachTo: [{ DomainId: place.DomainId, ...more }] });
  return {
    world,
    id: /^setup-[0-9a-f]{8}-[0-9a-f]{8}$/,
    attributes: ['StudioLifecycleConfigArn', 'StudioLifecycleConfigName', 'StudioLifecycleConfigAppType'],
    properties,
    shown,
    changed: { ...properties, AttachTo: [{ ...place }], Tags: [{ Key: 'team', Value: 'red' }] },
    changedShown: { ...shown, Tags: { team: 'red' } },
    replacing: { ...properties, Content: 'echo other' },
    strings: [{ ...properties, Tags: [{ Key: 'cost', Value: 5 }] }, { Tags: { cost: '5' } }],
    wrong: [
      [{ ...properties, Contnt: 'x' }, 'Contnt: unknown property; did you mean Content?'],
      [{ Name: 'setup', AppType: 'JupyterLab' }, 'Content: required, but missing'],
      [{ ...properties, Content: ' \n' }, 'Content: expected a script, got nothing'],
      [
        { ...properties, Content: 'x'.repeat(12_289) },
        'Content: has 12289 bytes, which are 16388 characters in base64, 4 more than the 16384 that SageMaker takes',
      ],
      [{ ...properties, Name: 'x'.repeat(46) }, 'Name: expected 1 to 45 letters, digits and hyphens'],
      [{ ...properties, Name: 'set_up' }, 'Name: expected 1 to 45 letters, digits and hyphens'],
      [{ ...properties, AppType: 'Canvas' }, 'AppType: expected one of CodeEditor, JupyterLab'],
      [{ ...properties, AttachTo: [{ DomainId: 'studio' }] }, 'AttachTo[0].DomainId: expected the id of a domain'],
      [{ ...properties, AttachTo: [{ UserProfileName: 'a' }] }, 'AttachTo[0].DomainId: required, but missing'],
      [attached({ UserProfileName: 'a b' }), 'AttachTo[0].UserProfileName: expected letters, digits and hyphens'],
      [attached({ UserProfileName: 'a', SpaceName: 'b' }), 'AttachTo[0].SpaceName: is given with UserProfileName'],
      [attached({ SpaceName: 'b', As: 'Listed' }), 'AttachTo[0].As: expected Default, the only places for JupyterLab'],
      [
        attached({ SpaceName: 'b', Settings: 'DefaultUserSettings' }),
        'AttachTo[0].Settings: only a domain has several',
      ],
      [attached({ As: 'Last' }), 'AttachTo[0].As: expected one of Listed, Default, BuiltIn; got "Last"'],
      [
        { ...attached({ Settings: 'DefaultSpaceSettings' }), AppType: 'CodeEditor' },
        'AttachTo[0].Settings: DefaultSpaceSettings have no place for CodeEditor',
      ],
      [
        { ...attached({ As: 'BuiltIn' }), AppType: 'KernelGateway' },
        'AttachTo[0].As: expected Listed or Default, the only places for KernelGateway in DefaultUserSettings; got BuiltIn',
      ],
      [{ ...properties, Tags: [{ Key: 'aws:x', Value: '1' }] }, 'Reading the tag aws:x: keys that begin with aws:'],
    ],
  };
}
