import type { Subject, World } from '../subject.ts';
import { kinds, statusMeanings } from './kinds.ts';

export const registry = '999988887777.dkr.ecr.us-east-1.amazonaws.com/studio';

/** A custom image, to be held against the contract. */
export function imageSubject(world: World, place: { DomainId: string; executionRole: string }): Subject {
  const { DomainId } = place;
  const properties = {
    ImageName: 'tools',
    RoleArn: place.executionRole,
    BaseImage: `${registry}:1`,
    JupyterLabAppImageConfig: {},
    AttachTo: [{ DomainId }],
  };
  return {
    world,
    id: /^arn:aws:sagemaker:[a-z0-9-]+:\d{12}:image\/tools$/,
    attributes: [
      'ImageName',
      'ImageArn',
      'ImageVersionArn',
      'ImageVersionNumber',
      'ContainerImage',
      'JupyterLabAppImageConfigName',
      'CodeEditorAppImageConfigName',
      'KernelGatewayImageConfigName',
    ],
    properties,
    shown: { ImageName: 'tools', RoleArn: place.executionRole, DisplayName: 'tools' },
    changed: {
      ...properties,
      DisplayName: 'Team tools',
      BaseImage: `${registry}:2`,
      Tags: [{ Key: 'team', Value: 'red' }],
    },
    changedShown: { DisplayName: 'Team tools', Tags: { team: 'red' } },
    replacing: { ...properties, ImageName: 'more-tools' },
    strings: [
      { ...properties, KeepVersions: '2', CodeEditorAppImageConfig: { FileSystemConfig: { DefaultUid: '1001' } } },
      { ImageName: 'tools' },
    ],
    wrong: [
      [{ ...properties, ImageNme: 'x' }, 'ImageNme: unknown property; did you mean ImageName?'],
      [{ ImageName: 'tools', BaseImage: `${registry}:1` }, 'RoleArn: required, but missing'],
      [{ ...properties, ImageName: 'my tools' }, 'ImageName: expected 1 to 63 letters and digits, with single hyphens'],
      [
        { ...properties, BaseImage: 'docker.io/library/python:3' },
        'BaseImage: expected the URI of an image in Amazon ECR, such as 111122223333.dkr.ecr.eu-west-1.amazonaws.com/studio:1.4, got "docker.io/library/python:3"',
      ],
      [
        { ...properties, BaseImage: `${registry}:${'1'.repeat(250)}` },
        'BaseImage: has 302 characters; SageMaker takes 255',
      ],
      [
        { ...properties, KeepVersions: '0' },
        'KeepVersions: expected 1 or more, as a rollback needs the version before; got 0',
      ],
      [{ ...properties, KeepVersions: 'some' }, 'KeepVersions: expected a number, got "some"'],
      [{ ...properties, AttachedVersion: 'Newest' }, 'AttachedVersion: expected one of Latest, Pinned; got "Newest"'],
      [
        { ...properties, ImageName: 'a'.repeat(60) },
        `ImageName: makes ${'a'.repeat(60)}-jupyter-lab the name of the app image config for JupyterLabAppImageConfig, 9 characters more than the 63 that SageMaker takes; shorten it`,
      ],
      [
        { ...properties, JupyterLabAppImageConfig: { FileSystemConfig: { DefaultUid: 'root' } } },
        'JupyterLabAppImageConfig.FileSystemConfig.DefaultUid: expected a number, got "[redacted]"',
      ],
      [
        { ImageName: 'tools', RoleArn: place.executionRole, BaseImage: `${registry}:1`, AttachTo: [{ DomainId }] },
        'AttachTo: nothing says how the image runs; give at least one of JupyterLabAppImageConfig, CodeEditorAppImageConfig, KernelGatewayImageConfig as well',
      ],
      [{ ...properties, AttachTo: [{ UserProfileName: 'ana' }] }, 'AttachTo[0].DomainId: required, but missing'],
      [
        { ...properties, AttachTo: [{ DomainId: 'team' }] },
        'AttachTo[0].DomainId: expected the id of a domain, such as d-1a2b3c; got team',
      ],
      [
        { ...properties, AttachTo: [{ DomainId, UserProfileName: 'a na' }] },
        'AttachTo[0].UserProfileName: expected letters, digits and hyphens, at most 63; got a na',
      ],
      [
        { ...properties, AttachTo: [{ DomainId, UserProfileName: 'ana', Settings: 'DefaultUserSettings' }] },
        'AttachTo[0].Settings: only a domain has several; leave it out for a profile',
      ],
      [
        {
          ...properties,
          JupyterLabAppImageConfig: undefined,
          CodeEditorAppImageConfig: {},
          AttachTo: [{ DomainId, Settings: 'DefaultSpaceSettings' }],
        },
        "AttachTo[0].Settings: DefaultSpaceSettings have no place for Code Editor's images, only DefaultUserSettings have",
      ],
    ],
    statuses: statusMeanings(kinds.Image.words),
    words: kinds.Image.words,
  };
}
